/** The main window: what surrounds the views. */
@NullMarked
package org.headscope.app.window;

import org.jspecify.annotations.NullMarked;
