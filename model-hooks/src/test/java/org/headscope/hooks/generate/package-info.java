@NullMarked
package org.headscope.hooks.generate;

import org.jspecify.annotations.NullMarked;
