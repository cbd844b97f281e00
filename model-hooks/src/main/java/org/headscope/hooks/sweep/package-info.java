/** Many interventions on one prompt set, without computing anything twice. */
@NullMarked
package org.headscope.hooks.sweep;

import org.jspecify.annotations.NullMarked;
