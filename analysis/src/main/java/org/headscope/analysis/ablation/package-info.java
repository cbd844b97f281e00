/** Ablation: what is lost without a head, an attention layer or an MLP. */
@NullMarked
package org.headscope.analysis.ablation;

import org.jspecify.annotations.NullMarked;
