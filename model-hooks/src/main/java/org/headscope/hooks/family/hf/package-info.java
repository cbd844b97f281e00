/** One adapter per published family of checkpoints, put together from a few small helpers. */
@NullMarked
package org.headscope.hooks.family.hf;

import org.jspecify.annotations.NullMarked;
