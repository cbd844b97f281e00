/** Training of the bundled model: vocabulary, lessons, and the loop that learns them. */
@NullMarked
package org.headscope.analysis.train;

import org.jspecify.annotations.NullMarked;
