@NullMarked
package org.headscope.hooks.train;

import org.jspecify.annotations.NullMarked;
