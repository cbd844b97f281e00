/** Results on the screen: one way to draw each shape of panel, whatever analysis it came from. */
@NullMarked
package org.headscope.app.panel;

import org.jspecify.annotations.NullMarked;
