@NullMarked
package org.headscope.hooks.intervene;

import org.jspecify.annotations.NullMarked;
