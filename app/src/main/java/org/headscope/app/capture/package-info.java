/** Activations on their way to files. */
@NullMarked
package org.headscope.app.capture;

import org.jspecify.annotations.NullMarked;
