/** The named places inside a transformer where activations can be read and edited. */
@NullMarked
package org.headscope.hooks.site;

import org.jspecify.annotations.NullMarked;
