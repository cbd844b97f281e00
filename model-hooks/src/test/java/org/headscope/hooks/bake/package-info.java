@NullMarked
package org.headscope.hooks.bake;

import org.jspecify.annotations.NullMarked;
