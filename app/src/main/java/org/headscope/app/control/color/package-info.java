/** Colours for numbers: maps readable by colour-blind people, scales with a fixed zero, and their legend. */
@NullMarked
package org.headscope.app.control.color;

import org.jspecify.annotations.NullMarked;
