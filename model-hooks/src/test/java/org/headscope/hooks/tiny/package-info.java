/** Everything that is compared with the tiny reference checkpoints. */
@NullMarked
package org.headscope.hooks.tiny;

import org.jspecify.annotations.NullMarked;
