@NullMarked
package org.headscope.hooks.gradient;

import org.jspecify.annotations.NullMarked;
