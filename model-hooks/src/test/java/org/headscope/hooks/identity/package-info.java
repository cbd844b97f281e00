/** What holds for every transformer, whatever its weights. */
@NullMarked
package org.headscope.hooks.identity;

import org.jspecify.annotations.NullMarked;
