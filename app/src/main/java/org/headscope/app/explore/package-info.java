/** Mask heads and see at once what becomes of the prediction. */
@NullMarked
package org.headscope.app.explore;

import org.jspecify.annotations.NullMarked;
