package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.hooks.forward.Scalar;
import org.headscope.hooks.forward.TokenBatch;

/** A number of each prompt of a batch that can be differentiated, summed over the batch. */
@FunctionalInterface
interface SummedMetric {
    /** From {@code logits [batch, pos - first, vocab]} to a scalar. */
    NDArray of(NDArray logits);

    /** Minus the log of the probability of all right answers together, in nats, from logits of the last position. */
    static SummedMetric wrongness(List<EncodedExample> examples) {
        return logits -> {
            int vocab = (int) logits.getShape().getLastDimension();
            float[] others = new float[examples.size() * vocab];
            Arrays.fill(others, -1e30f);
            for (int i = 0; i < examples.size(); i++) {
                for (int answer : examples.get(i).answers()) {
                    others[i * vocab + answer] = 0;
                }
            }
            NDArray logs = logits.logSoftmax(-1);
            // What is added is far below anything else, and its exponential exactly 0.
            NDArray right = logs.add(logs.getManager().create(others, new Shape(examples.size(), 1, vocab)));
            NDArray most = right.max(new int[] {2}, true).stopGradient();
            NDArray sum = right.sub(most).exp().sum(new int[] {2}, true);
            return sum.log().add(most).sum().neg();
        };
    }

    /** Mean next-token cross-entropy of each prompt in nats, from logits of all positions. */
    static SummedMetric surprise(TokenBatch tokens) {
        return logits -> {
            int predicted = tokens.length() - 1;
            long[] next = Arrays.stream(tokens.ids())
                    .flatMapToInt(row -> Arrays.stream(row, 1, row.length))
                    .asLongStream()
                    .toArray();
            NDManager manager = logits.getManager();
            NDArray wanted = manager.create(next, new Shape(tokens.size(), predicted, 1));
            NDArray rows = logits.get(new NDIndex().addAllDim().addSliceDim(0, predicted));
            NDArray sum = rows.logSoftmax(-1).gather(wanted, 2).sum().neg();
            return sum.mul(Scalar.of(1.0 / predicted, sum));
        };
    }

    /** Logit of the answer minus logit of the foil, from logits of the last position. */
    static SummedMetric difference(int answer, int foil) {
        return logits -> column(logits, answer).sub(column(logits, foil));
    }

    /** Probability of the answer, from logits of the last position. */
    static SummedMetric probability(int answer) {
        return logits -> column(logits.softmax(-1), answer);
    }

    private static NDArray column(NDArray values, int token) {
        return values.get(new NDIndex().addAllDim().addAllDim().addSliceDim(token, token + 1L))
                .sum();
    }
}
