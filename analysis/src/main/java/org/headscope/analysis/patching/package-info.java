/** Activation patching: what happens when one activation comes from another prompt; and its first-order estimate. */
@NullMarked
package org.headscope.analysis.patching;

import org.jspecify.annotations.NullMarked;
