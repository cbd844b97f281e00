/** The words of the window, in one place. */
@NullMarked
package org.headscope.app.text;

import org.jspecify.annotations.NullMarked;
