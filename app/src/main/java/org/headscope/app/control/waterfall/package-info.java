/** Parts that add up to a whole. */
@NullMarked
package org.headscope.app.control.waterfall;

import org.jspecify.annotations.NullMarked;
