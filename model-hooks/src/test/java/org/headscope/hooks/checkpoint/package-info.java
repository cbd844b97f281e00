@NullMarked
package org.headscope.hooks.checkpoint;

import org.jspecify.annotations.NullMarked;
