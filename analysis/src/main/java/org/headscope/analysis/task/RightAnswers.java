package org.headscope.analysis.task;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.headscope.hooks.sweep.SweepMetric;
import org.jspecify.annotations.Nullable;

/**
 * How surprised a model is by the right answers of some examples: minus the log of their probability, several right answers
 * of one example taken together, averaged over the examples. In nats.
 */
public final class RightAnswers implements SweepMetric {
    private final List<EncodedExample> examples;

    /** @param examples one per row of the batch, in order */
    public RightAnswers(List<EncodedExample> examples) {
        this.examples = List.copyOf(examples);
    }

    @Override
    public int firstPosition(int length) {
        return length - 1;
    }

    @Override
    public int @Nullable [] tokens() {
        return null;
    }

    @Override
    public double[] measure(NDArray logits, int cells) {
        int vocab = (int) logits.getShape().getLastDimension();
        float[] logs;
        try (NDArray logged = logits.logSoftmax(-1)) {
            logs = logged.toFloatArray();
        }
        double[] losses = new double[cells];
        for (int row = 0; row < cells * examples.size(); row++) {
            EncodedExample example = examples.get(row % examples.size());
            losses[row / examples.size()] -= example.logOfRight(logs, row * vocab) / examples.size();
        }
        return losses;
    }
}
