package org.headscope.hooks.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.LinkedHashMap;
import java.util.Map;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.RunScope;
import org.headscope.hooks.forward.Scalar;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.runtime.Engines;

/**
 * An affine map {@code x + x A + b} of one residual stream, learned so that the model's own final norm and unembedding read
 * from it what the model says in the end (Belrose et al., arXiv 2303.08112). The model itself does not change. It begins as
 * the identity. Close it to free its memory.
 */
public final class StreamTranslator implements AutoCloseable {
    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.999, 1e-8, 0, 1);

    private final HookedTransformer model;
    private final NDManager manager;
    private final NDArray weight;
    private final NDArray bias;
    private final AdamW optimizer;

    /** @param model whose residual stream is translated */
    public StreamTranslator(HookedTransformer model) {
        int width = model.config().dims().dModel();
        this.model = model;
        this.manager = model.newManager();
        this.weight = manager.zeros(new Shape(width, width), DataType.FLOAT32);
        this.bias = manager.zeros(new Shape(width), DataType.FLOAT32);
        Map<String, NDArray> parameters = new LinkedHashMap<>();
        parameters.put("A", weight);
        parameters.put("b", bias);
        parameters.values().forEach(array -> array.setRequiresGradient(true));
        this.optimizer = new AdamW(parameters, SETTINGS, manager);
    }

    /**
     * What the model says in the end, for some positions.
     *
     * @param logs log-probabilities, {@code [1, pos, vocab]}
     * @param probabilities the same as probabilities
     */
    public record Said(NDArray logs, NDArray probabilities) {
        /**
         * From logits.
         *
         * @param logits {@code [1, pos, vocab]}
         * @return both forms, owned by the manager of {@code logits}
         */
        public static Said of(NDArray logits) {
            NDArray logs = logits.logSoftmax(-1);
            return new Said(logs, logs.exp());
        }
    }

    /**
     * Translates.
     *
     * @param x residual stream {@code [1, pos, d_model]}
     * @return {@code x + x A + b}, owned by the manager of {@code x}
     */
    public NDArray apply(NDArray x) {
        return x.add(x.matMul(weight)).add(bias);
    }

    /** {@return {@code A [d_model, d_model]}, to be multiplied from the right; owned by this translator} */
    public NDArray weight() {
        return weight;
    }

    /** {@return {@code b [d_model]}; owned by this translator} */
    public NDArray bias() {
        return bias;
    }

    /**
     * Makes one step of AdamW (no weight decay) on the mean of {@code KL(said || lens)}. Waits while others take gradients.
     *
     * @param x residual stream {@code [1, pos, d_model]}, in memory of the engine
     * @param said what the model says in the end at these positions
     * @param rate learning rate
     * @return the mean divergence before the step, in nats
     */
    public double learn(NDArray x, Said said, double rate) {
        double divergence;
        synchronized (Engines.gradientLock()) {
            divergence = gradient(x, said);
        }
        optimizer.step(rate);
        return divergence;
    }

    private double gradient(NDArray x, Said said) {
        try (NDManager temporary = manager.newSubManager();
                GradientCollector collector = Engines.get().newGradientCollector()) {
            RunScope scope =
                    model.forward().scope(temporary, SiteBus.NONE, null).recording();
            NDArray translated = apply(Alias.of(x, temporary));
            NDArray lens = model.forward().unembed(translated, 0, scope).logSoftmax(-1);
            NDArray each = lens.neg().add(said.logs).mul(said.probabilities);
            long positions = x.getShape().get(1);
            NDArray mean = each.mul(Scalar.of(1.0 / positions, each)).sum();
            collector.backward(mean);
            return mean.getFloat();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
