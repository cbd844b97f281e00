/** The model behind the window: one prompt, kept ready, so that a change of the mask shows at once. */
@NullMarked
package org.headscope.app.live;

import org.jspecify.annotations.NullMarked;
