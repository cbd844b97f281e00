/** Generating text token by token, with hooks and interventions active in every step. */
@NullMarked
package org.headscope.hooks.generate;

import org.jspecify.annotations.NullMarked;
