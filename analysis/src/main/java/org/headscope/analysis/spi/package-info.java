/**
 * The contract of an analysis: what it declares, what it is given, what it returns. One method is one class that
 * implements {@link org.headscope.analysis.spi.Analysis}; window, command line, store and export follow from it.
 */
@NullMarked
package org.headscope.analysis.spi;

import org.jspecify.annotations.NullMarked;
