/** Plain looks at a run: predictions and attention patterns. */
@NullMarked
package org.headscope.analysis.reading;

import org.jspecify.annotations.NullMarked;
