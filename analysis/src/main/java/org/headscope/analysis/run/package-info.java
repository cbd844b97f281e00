/** Running an analysis from its declaration to a complete result. */
@NullMarked
package org.headscope.analysis.run;

import org.jspecify.annotations.NullMarked;
