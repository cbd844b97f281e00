/** What analyses must find whatever the model. */
@NullMarked
package org.headscope.analysis.identity;

import org.jspecify.annotations.NullMarked;
