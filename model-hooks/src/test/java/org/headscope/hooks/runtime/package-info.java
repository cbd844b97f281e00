@NullMarked
package org.headscope.hooks.runtime;

import org.jspecify.annotations.NullMarked;
