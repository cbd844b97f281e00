/** An open model with everything that holds around its runs, and the one way to run an analysis on it. */
@NullMarked
package org.headscope.analysis.session;

import org.jspecify.annotations.NullMarked;
