/** Sweeps that stream what they have, can be cancelled, and go on where they were interrupted. */
@NullMarked
package org.headscope.analysis.sweep;

import org.jspecify.annotations.NullMarked;
