/** How a model answers multiple-choice questions: which parts write the letter, and what their heads look at. */
@NullMarked
package org.headscope.analysis.choice;

import org.jspecify.annotations.NullMarked;
