/** The forward pass, one configuration-driven implementation for all families. */
@NullMarked
package org.headscope.hooks.forward;

import org.jspecify.annotations.NullMarked;
