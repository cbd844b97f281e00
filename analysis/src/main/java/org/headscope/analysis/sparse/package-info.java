/** Attention that reads only part of a long text: which heads can do without the rest. */
@NullMarked
package org.headscope.analysis.sparse;

import org.jspecify.annotations.NullMarked;
