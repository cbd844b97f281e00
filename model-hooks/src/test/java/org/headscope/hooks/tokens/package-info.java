@NullMarked
package org.headscope.hooks.tokens;

import org.jspecify.annotations.NullMarked;
