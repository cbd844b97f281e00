/** The benchmark: every figure as a ratio to a plain forward pass in the same run. */
@NullMarked
package org.headscope.app.bench;

import org.jspecify.annotations.NullMarked;
