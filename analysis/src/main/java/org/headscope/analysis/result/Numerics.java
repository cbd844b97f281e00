package org.headscope.analysis.result;

/**
 * The choices that change numbers without changing the question.
 *
 * @param bosPolicy whether a beginning-of-sequence token was prepended, in the policy's own word
 * @param maskMode what masking a head meant, such as {@code zero}, and over which prompt means were taken; {@code none} without
 *     a mask
 * @param weights {@code raw} as the checkpoint has them, or {@code processed} (folded and centred)
 * @param dtype the precision computed in, such as {@code float32}
 */
public record Numerics(String bosPolicy, String maskMode, String weights, String dtype) {}
