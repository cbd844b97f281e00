/** Masks as files that other software reads: our JSON, Hugging Face's pruned heads, NumPy matrices. */
@NullMarked
package org.headscope.analysis.mask.io;

import org.jspecify.annotations.NullMarked;
