/** Which heads and other parts of a model are switched off or turned down: immutable sets with a mode per part. */
@NullMarked
package org.headscope.analysis.mask;

import org.jspecify.annotations.NullMarked;
