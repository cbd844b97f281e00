/** Interventions: what can be done to a running transformer, each leaving a receipt. */
@NullMarked
package org.headscope.hooks.intervene;

import org.jspecify.annotations.NullMarked;
