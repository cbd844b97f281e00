/** Writing edits into checkpoints, in the format they came in. */
@NullMarked
package org.headscope.hooks.bake;

import org.jspecify.annotations.NullMarked;
