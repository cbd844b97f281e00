package org.headscope.analysis.metric;

import ai.djl.ndarray.NDArray;

/**
 * How far the next-token distribution at the last position has moved: {@code KL(base || edited)} in nats, as in ACDC
 * (Conmy et al., arXiv 2304.14997).
 */
public final class KlDivergence extends LastPosition {
    private final double[] base;

    /** @param baseLogits logits of the unedited run at the last position, {@code [vocab]} */
    public KlDivergence(float[] baseLogits) {
        this.base = LogProbabilities.row(baseLogits, 0, baseLogits.length);
    }

    @Override
    public double[] measure(NDArray logits, int cells) {
        return measure(logits, cells, edited -> LogProbabilities.divergence(base, edited));
    }
}
