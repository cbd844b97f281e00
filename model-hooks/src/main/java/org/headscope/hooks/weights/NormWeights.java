package org.headscope.hooks.weights;

import ai.djl.ndarray.NDArray;
import org.jspecify.annotations.Nullable;

/**
 * Gain and bias of one norm.
 *
 * @param weight {@code [d]}; null when folded away, which means all ones
 * @param bias {@code [d]}, or null
 */
public record NormWeights(@Nullable NDArray weight, @Nullable NDArray bias) {}
