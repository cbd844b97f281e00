@NullMarked
package org.headscope.hooks;

import org.jspecify.annotations.NullMarked;
