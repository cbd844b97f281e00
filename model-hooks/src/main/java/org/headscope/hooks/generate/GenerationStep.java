package org.headscope.hooks.generate;

import org.headscope.hooks.run.ActivationCache;

/**
 * One generated token.
 *
 * @param index 0 for the first generated token
 * @param position absolute position of the token that was read to predict it
 * @param id the token
 * @param logProb its log-probability in nats, before temperature and limits
 * @param cache the observed sites at {@code position} only, for example the pattern {@code [1, head, 1, k_pos]} of the
 *     query that produced the token, keys counted from position 0; valid during the call
 */
public record GenerationStep(int index, int position, int id, double logProb, ActivationCache cache) {}
