/** Detectors: scores that find heads of a known kind by where they look. */
@NullMarked
package org.headscope.analysis.detect;

import org.jspecify.annotations.NullMarked;
