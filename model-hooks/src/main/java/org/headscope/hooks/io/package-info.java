@NullMarked
package org.headscope.hooks.io;

import org.jspecify.annotations.NullMarked;
