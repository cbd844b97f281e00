package org.headscope.hooks.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.runtime.Engines;

/** Weighted cross-entropy of the next token, and its gradient by all weights of a model. */
public final class NextTokenLoss {
    private final TrainableModel trained;

    /** @param trained the model; one thread at a time may train it, because the engine keeps the gradients in the weights */
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

        private void check() {
            for (int row = 0; row < ids.length; row++) {
                if (weights.length != ids.length || weights[row].length != ids[row].length) {
                    throw new HeadscopeException("The weights of a lesson do not fit its " + ids.length
                            + " rows of tokens (row " + row + "). Give each token one weight.");
                }
            }
            double total = total();
            if (!(total > 0 && Double.isFinite(total))) {
                throw new HeadscopeException("The weights of a lesson add up to " + total
                        + ", not counting position 0, so there is nothing to learn from it. Give at least one later"
                        + " token a positive weight.");
            }
        }
    }

    /**
     * Runs forward and backward; the gradients add up in the weights until the optimizer has made its step. Waits while
     * others take gradients.
     *
     * @param lesson what to learn
     * @return mean loss per unit of weight, in nats
     * @throws HeadscopeException when tokens do not fit the model, or weights the tokens, or no weight is positive
     */
    public double learn(Lesson lesson) {
        return learn(lesson, () -> {});
    }

    /** The same with something done between the two passes. */
    double learn(Lesson lesson, Runnable between) {
        TokenBatch tokens = TokenBatch.of(lesson.ids);
        tokens.check(trained.model().config().dims());
        lesson.check();
        synchronized (Engines.gradientLock()) {
            return learn(lesson, tokens, between);
        }
    }

    private double learn(Lesson lesson, TokenBatch tokens, Runnable between) {
        RunBus bus = new RunBus(trained.model().sites(), List.of());
        try (NDManager temporary = trained.model().newManager();
                GradientCollector collector = Engines.get().newGradientCollector()) {
            var scope = trained.model().forward().scope(temporary, bus, null).recording();
            NDArray loss = loss(trained.model().forward().logits(tokens, 0, scope), lesson);
            between.run();
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
