/**
 * The one place that starts the tensor engine, and what the process does with native memory.
 *
 * <p>Nothing else in the project names an engine or sets an engine property.
 */
@NullMarked
package org.headscope.hooks.runtime;

import org.jspecify.annotations.NullMarked;
