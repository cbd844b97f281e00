/** Finding anything by typing a few letters of it. */
@NullMarked
package org.headscope.app.palette;

import org.jspecify.annotations.NullMarked;
