@NullMarked
package org.headscope.hooks.family;

import org.jspecify.annotations.NullMarked;
