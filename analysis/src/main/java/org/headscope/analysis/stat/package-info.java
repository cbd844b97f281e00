/** How sure a number is that was measured on a sample. */
@NullMarked
package org.headscope.analysis.stat;

import org.jspecify.annotations.NullMarked;
