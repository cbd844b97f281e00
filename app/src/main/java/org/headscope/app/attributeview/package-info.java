/** What a prediction is made of: the contributions of parts, of heads by source token, and the prediction layer by layer. */
@NullMarked
package org.headscope.app.attributeview;

import org.jspecify.annotations.NullMarked;
