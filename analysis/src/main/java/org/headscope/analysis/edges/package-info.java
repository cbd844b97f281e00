/** Edges between the parts of a model: what they carry, which of them make a circuit, and how much of it the circuit keeps. */
@NullMarked
package org.headscope.analysis.edges;

import org.jspecify.annotations.NullMarked;
