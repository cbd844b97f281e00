/** Pictures of results without a window, for papers and pages. */
@NullMarked
package org.headscope.app.picture;

import org.jspecify.annotations.NullMarked;
