/** Training of whole models: the forward pass of this project, its gradient by weights, and the optimizer. */
@NullMarked
package org.headscope.hooks.train;

import org.jspecify.annotations.NullMarked;
