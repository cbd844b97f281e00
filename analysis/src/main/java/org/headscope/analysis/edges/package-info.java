/** Edges between the parts of a model: what they carry, which make a circuit, and whether a circuit deserves the name. */
@NullMarked
package org.headscope.analysis.edges;

import org.jspecify.annotations.NullMarked;
