@NullMarked
package org.headscope.analysis.train;

import org.jspecify.annotations.NullMarked;
