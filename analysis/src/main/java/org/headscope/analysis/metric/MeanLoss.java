package org.headscope.analysis.metric;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.sweep.SweepMetric;
import org.jspecify.annotations.Nullable;

/** Next-token cross-entropy in nats, averaged over all positions that have a next token and over prompts. */
public final class MeanLoss implements SweepMetric {
    private final long[] next;
    private final int batch;
    private final int length;

    /**
     * The loss on the prompts themselves.
     *
     * @param tokens the prompts
     * @throws HeadscopeException when they have a single token, so that nothing is to be predicted
     */
    public MeanLoss(TokenBatch tokens) {
        this.batch = tokens.size();
        this.length = tokens.length();
        if (length < 2) {
            throw new HeadscopeException(
                    "The prompt has one token, so there is no next token to predict. Lengthen it.");
        }
        this.next = new long[batch * (length - 1)];
        for (int b = 0; b < batch; b++) {
            for (int p = 1; p < length; p++) {
                next[b * (length - 1) + p - 1] = tokens.ids()[b][p];
            }
        }
    }

    @Override
    public int firstPosition(int prompt) {
        return 0;
    }

    @Override
    public int @Nullable [] tokens() {
        return null;
    }

    @Override
    public double[] measure(NDArray logits, int cells) {
        double[] result = new double[cells];
        for (int c = 0; c < cells; c++) {
            try (NDManager temporary = logits.getManager().newSubManager()) {
                var rows = new NDIndex()
                        .addSliceDim((long) c * batch, (long) (c + 1) * batch)
                        .addSliceDim(0, length - 1);
                NDArray wanted = temporary.create(next, new Shape(batch, length - 1, 1));
                result[c] = -mean(logits.get(temporary, rows)
                        .logSoftmax(-1)
                        .gather(wanted, 2)
                        .toFloatArray());
            }
        }
        return result;
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
