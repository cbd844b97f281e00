/**
 * Dense linear algebra on the CPU, and NumPy files. The only package that knows ND4J and the LAPACK that comes with it;
 * nothing of theirs appears in a signature.
 */
@NullMarked
package org.headscope.analysis.linalg;

import org.jspecify.annotations.NullMarked;
