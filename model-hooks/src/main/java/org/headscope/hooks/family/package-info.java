/** One adapter per checkpoint family: from its config.json and tensor names to the canonical model. */
@NullMarked
package org.headscope.hooks.family;

import org.jspecify.annotations.NullMarked;
