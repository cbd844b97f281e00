package org.headscope.hooks.handbuilt;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * An MLP that erases one head, amplifies another and adds a constant. Head {@code h} of layer 0 copies the token at position
 * {@code h} into a place of its own; the MLP writes minus what head 0 wrote, one half of what head 1 wrote, and says
 * {@link #CLASS_LOGIT} for every token of a class. So its output is {@code -1 r_0 + 0.5 r_1 + 0 r_2 + b}, exactly.
 *
 * <p>The logit of a token is 4 when head 0 saw it, 4 when head 1 saw it, plus what the class adds; behind the MLP head 0 says
 * nothing any more and head 1 half as much again.
 */
public final class AmplifierModel {
    /** Heads; the last one is left alone by the MLP. */
    public static final int HEADS = 3;
    /** First token of the class, which reaches to the end of the vocabulary. */
    public static final int CLASS = 5;
    /** Size of the vocabulary. */
    public static final int VOCAB = 8;
    /** What a head adds to the logit of the token that it saw. */
    public static final double LOGIT = 4;
    /** What the MLP adds to the logit of every token of the class. */
    public static final double CLASS_LOGIT = 2;

    private static final int CONTEXT = 8;
    private static final int POSITION = VOCAB;
    private static final int OUT = POSITION + CONTEXT;
    private static final int SAID = OUT + HEADS * VOCAB;
    private static final int WIDTH = SAID + VOCAB;
    private static final int D_MLP = 2 * VOCAB + 1;

    /* 30 * 8 / sqrt(16) = 60: other positions have nothing, to double precision. */
    private static final int D_HEAD = 16;
    private static final double QUERY = 30;
    private static final double KEY = 8;

    private AmplifierModel() {}

    /** {@return the model; close it} */
    public static HookedTransformer create() {
        Blueprint model = new Blueprint(new Dims(1, HEADS, HEADS, WIDTH, D_HEAD, D_MLP, CONTEXT, VOCAB));
        model.tokens().diagonal(0, 0, VOCAB, 1);
        model.positions().diagonal(0, POSITION, CONTEXT, 1);
        for (int head = 0; head < HEADS; head++) {
            model.qBias(0, head).set(0, 0, QUERY);
            model.k(0, head).set(0, POSITION + head, KEY);
            model.v(0, head).diagonal(0, 0, VOCAB, 1);
            model.o(0, head).diagonal(OUT + head * VOCAB, 0, VOCAB, 1);
        }
        // What heads write is never negative, so a ReLU passes it on as it is.
        model.mlpIn(0).diagonal(0, OUT, 2 * VOCAB, 1);
        model.mlpInBias(0).set(0, 2 * VOCAB, 1);
        model.mlpOut(0).diagonal(OUT, 0, VOCAB, -1);
        model.mlpOut(0).diagonal(OUT + VOCAB, VOCAB, VOCAB, 0.5);
        model.unembed().diagonal(0, OUT, VOCAB, LOGIT);
        model.unembed().diagonal(0, OUT + VOCAB, VOCAB, LOGIT);
        model.unembed().diagonal(0, SAID, VOCAB, 1);
        for (int token = CLASS; token < VOCAB; token++) {
            model.mlpOut(0).set(SAID + token, 2 * VOCAB, CLASS_LOGIT);
        }
        return model.build("amplifier");
    }
}
