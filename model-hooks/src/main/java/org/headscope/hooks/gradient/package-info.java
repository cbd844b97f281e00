/** Gradients of a scalar metric with respect to any hook site. */
@NullMarked
package org.headscope.hooks.gradient;

import org.jspecify.annotations.NullMarked;
