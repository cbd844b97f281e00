@NullMarked
package org.headscope.hooks.forward;

import org.jspecify.annotations.NullMarked;
