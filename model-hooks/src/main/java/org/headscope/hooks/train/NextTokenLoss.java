package org.headscope.hooks.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.runtime.Engines;

/** Weighted cross-entropy of the next token, and its gradient by all weights of a model. */
public final class NextTokenLoss {
    private final TrainableModel trained;

    /** @param trained the model; one thread at a time may take gradients, because the engine keeps them in the weights */
    public NextTokenLoss(TrainableModel trained) {
        this.trained = trained;
    }

    /**
     * Tokens to learn from.
     *
     * @param ids token ids {@code [batch][pos]}
     * @param weights how much the prediction of each token counts, same shape; position 0 is not predicted
     */
    public record Lesson(int[][] ids, float[][] weights) {
        /** {@return how much the predictions count together} */
        public double total() {
            double total = 0;
            for (float[] row : weights) {
                for (int p = 1; p < row.length; p++) {
                    total += row[p];
                }
            }
            return total;
        }
    }

    /**
     * Runs forward and backward; the gradients add up in the weights until the optimizer has made its step.
     *
     * @param lesson what to learn
     * @return mean loss per unit of weight, in nats
     */
    public double learn(Lesson lesson) {
        Engine engine = Engines.get();
        TokenBatch tokens = TokenBatch.of(lesson.ids);
        tokens.check(trained.model().config().dims());
        RunBus bus = new RunBus(trained.model().sites(), List.of());
        try (NDManager temporary = trained.model().newManager();
                GradientCollector collector = engine.newGradientCollector()) {
            var scope = trained.model().forward().scope(temporary, bus, null).recording();
            NDArray loss = loss(trained.model().forward().logits(tokens, 0, scope), lesson);
            collector.backward(loss);
            return loss.getFloat();
        }
    }

    private static NDArray loss(NDArray logits, Lesson lesson) {
        NDManager manager = logits.getManager();
        int batch = lesson.ids.length;
        int length = lesson.ids[0].length;
        long[] targets = new long[batch * length];
        float[] weights = new float[batch * length];
        double total = lesson.total();
        for (int b = 0; b < batch; b++) {
            for (int p = 0; p + 1 < length; p++) {
                targets[b * length + p] = lesson.ids[b][p + 1];
                weights[b * length + p] = (float) (lesson.weights[b][p + 1] / total);
            }
        }
        Shape shape = new Shape(batch, length, 1);
        NDArray picked = logits.logSoftmax(-1).gather(manager.create(targets, shape), 2);
        return picked.mul(manager.create(weights, shape)).sum().neg();
    }
}
