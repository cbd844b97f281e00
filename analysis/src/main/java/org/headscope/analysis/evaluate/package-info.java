/** What a mask costs: loss on a text and accuracy on tasks, with the mask, without it, and under random masks like it. */
@NullMarked
package org.headscope.analysis.evaluate;

import org.jspecify.annotations.NullMarked;
