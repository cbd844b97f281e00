package org.headscope.hooks.tokens;

/**
 * What a {@link BosPolicy} comes to for one tokenizer.
 *
 * @param policy the policy that was asked for
 * @param prepend whether a token is put in front
 * @param reason why, for people to read
 */
public record BosResolution(BosPolicy policy, boolean prepend, String reason) {}
