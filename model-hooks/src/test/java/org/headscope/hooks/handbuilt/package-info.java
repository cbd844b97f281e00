@NullMarked
package org.headscope.hooks.handbuilt;

import org.jspecify.annotations.NullMarked;
