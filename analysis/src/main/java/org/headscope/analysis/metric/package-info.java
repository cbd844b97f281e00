/** The numbers that analyses read off logits. */
@NullMarked
package org.headscope.analysis.metric;

import org.jspecify.annotations.NullMarked;
