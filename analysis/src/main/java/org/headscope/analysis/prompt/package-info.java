/** Prompts as tokens of the model at hand, real ones and made-up ones. */
@NullMarked
package org.headscope.analysis.prompt;

import org.jspecify.annotations.NullMarked;
