/** Curves that can be pointed at. */
@NullMarked
package org.headscope.app.control.curve;

import org.jspecify.annotations.NullMarked;
