/** Activation patching: which activations carry the difference between two prompts. */
@NullMarked
package org.headscope.app.patch;

import org.jspecify.annotations.NullMarked;
