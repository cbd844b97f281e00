/**
 * The format in which models of any make can be saved: every option of the configuration spelled out, tensors under
 * canonical names.
 */
@NullMarked
package org.headscope.hooks.family.own;

import org.jspecify.annotations.NullMarked;
