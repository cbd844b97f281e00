@NullMarked
package org.headscope.hooks.weights;

import org.jspecify.annotations.NullMarked;
