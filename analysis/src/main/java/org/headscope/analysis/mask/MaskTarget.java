package org.headscope.analysis.mask;

/**
 * The model a mask file is written for or read into.
 *
 * @param modelId its name, such as {@code gpt2}
 * @param weightHash fingerprint of its weights; empty when not known
 * @param shape its grid
 */
public record MaskTarget(String modelId, String weightHash, MaskShape shape) {}
