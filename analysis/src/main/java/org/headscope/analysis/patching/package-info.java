/** Activation patching: what happens when one activation comes from another prompt. */
@NullMarked
package org.headscope.analysis.patching;

import org.jspecify.annotations.NullMarked;
