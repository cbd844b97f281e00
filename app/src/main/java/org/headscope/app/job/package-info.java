/** Background work that knows nothing of windows: the same jobs run in the window and on the command line. */
@NullMarked
package org.headscope.app.job;

import org.jspecify.annotations.NullMarked;
