/** Generators of task data: clean and corrupt prompts of equal length with known answers, for any tokenizer. */
@NullMarked
package org.headscope.analysis.task;

import org.jspecify.annotations.NullMarked;
