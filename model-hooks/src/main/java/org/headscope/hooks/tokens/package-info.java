/** Text to token ids and back, with the beginning-of-sequence policy spelled out. */
@NullMarked
package org.headscope.hooks.tokens;

import org.jspecify.annotations.NullMarked;
