/** The weights of a transformer in one canonical layout. */
@NullMarked
package org.headscope.hooks.weights;

import org.jspecify.annotations.NullMarked;
