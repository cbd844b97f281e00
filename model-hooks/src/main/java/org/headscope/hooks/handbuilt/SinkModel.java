package org.headscope.hooks.handbuilt;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * One layer with an attention sink of known strength. Head 0 gives position 0 a score of {@code log(weight)} and all
 * others 0, by a query bias that meets a key found at position 0 only; head 1 attends uniformly. Both copy tokens into the
 * prediction.
 *
 * <p>With {@code T} tokens the sink score of Gu et al. (arXiv 2410.10781) at the first position is {@code 1/T * sum over t
 * of weight / (weight + t)} for head 0, and {@code H_T / T} for head 1, {@code H_T} being the harmonic number.
 */
public final class SinkModel {
    /** The head with the sink. */
    public static final int SINK_HEAD = 0;
    /** The head without. */
    public static final int UNIFORM_HEAD = 1;

    private static final int HEADS = 2;
    private static final int VOCAB = 16;
    private static final int CONTEXT = 64;
    private static final int FIRST = VOCAB;
    private static final int PREDICTION = FIRST + 1;
    private static final int WIDTH = PREDICTION + VOCAB;
    private static final int D_HEAD = 16;

    private SinkModel() {}

    /**
     * Makes the model.
     *
     * @param weight how many times as much attention position 0 gets as any other
     * @return the model; close it
     */
    public static HookedTransformer create(double weight) {
        Blueprint model = new Blueprint(new Dims(1, HEADS, HEADS, WIDTH, D_HEAD, 0, CONTEXT, VOCAB));
        model.tokens().diagonal(0, 0, VOCAB, 1);
        model.positions().set(0, FIRST, 1);
        model.qBias(0, SINK_HEAD).set(0, 0, Math.log(weight) * Math.sqrt(D_HEAD));
        model.k(0, SINK_HEAD).set(0, FIRST, 1);
        for (int head = 0; head < HEADS; head++) {
            model.v(0, head).diagonal(0, 0, VOCAB, 1);
            model.o(0, head).diagonal(PREDICTION, 0, VOCAB, 1);
        }
        model.unembed().diagonal(0, PREDICTION, VOCAB, 1);
        return model.build("sink-" + weight);
    }

    /**
     * The sink score of the first position in head 0.
     *
     * @param weight as given to {@link #create}
     * @param tokens prompt length
     * @return mean attention to position 0 over all queries
     */
    public static double sinkScore(double weight, int tokens) {
        double sum = 0;
        for (int t = 0; t < tokens; t++) {
            sum += weight / (weight + t);
        }
        return sum / tokens;
    }
}
