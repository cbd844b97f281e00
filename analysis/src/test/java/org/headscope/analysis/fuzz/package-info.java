/** Every analysis on every small model: numbers or a clear refusal, never anything else. */
@NullMarked
package org.headscope.analysis.fuzz;

import org.jspecify.annotations.NullMarked;
