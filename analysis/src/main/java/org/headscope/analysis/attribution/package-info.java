/** Attribution: which part of the model says how much of an answer. */
@NullMarked
package org.headscope.analysis.attribution;

import org.jspecify.annotations.NullMarked;
