package org.headscope.hooks.handbuilt;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * A backup circuit: heads 0.0 and 0.1 both report whether the signal token stands at position 1, and the MLP reads them
 * with an OR, {@code relu(a + b) - relu(a + b - 1)}. The logit of {@link #YES} at later positions is 10 when either of them
 * reports it, otherwise 0.
 *
 * <p>Denoising finds both heads (either one alone restores the answer), noising and single ablation find none (the other
 * one suffices). Head 0.2 looks at the same place and writes nothing.
 */
public final class OrModel {
    /** The token that the circuit looks for. */
    public static final int SIGNAL = 1;
    /** A token that means nothing. */
    public static final int OTHER = 2;
    /** The answer whose logit is 10 or 0. */
    public static final int YES = 3;
    /** An answer whose logit is always 0. */
    public static final int NO = 4;
    /** The logit of {@link #YES} when the signal is there. */
    public static final double LOGIT = 10;

    private static final int HEADS = 3;
    private static final int VOCAB = 5;
    private static final int CONTEXT = 16;
    private static final int POSITION = VOCAB;
    private static final int REPORTS = POSITION + CONTEXT;
    private static final int ANSWER = REPORTS + 2;
    private static final int WIDTH = ANSWER + 1;
    private static final int D_HEAD = 4;
    private static final int D_MLP = 2;

    /* 15 * 4 / sqrt(4) = 30, exactly. */
    private static final double QUERY = 15;
    private static final double KEY = 4;

    private OrModel() {}

    /** {@return the model; close it} */
    public static HookedTransformer create() {
        Blueprint model = new Blueprint(new Dims(1, HEADS, HEADS, WIDTH, D_HEAD, D_MLP, CONTEXT, VOCAB));
        model.tokens().diagonal(0, 0, VOCAB, 1);
        model.positions().diagonal(0, POSITION, CONTEXT, 1);
        for (int head = 0; head < HEADS; head++) {
            model.qBias(0, head).set(0, 0, QUERY);
            model.k(0, head).set(0, POSITION + 1, KEY);
            model.v(0, head).set(0, SIGNAL, 1);
        }
        model.o(0, 0).set(REPORTS, 0, 1);
        model.o(0, 1).set(REPORTS + 1, 0, 1);
        model.mlpIn(0).across(0, REPORTS, 2, 1).across(1, REPORTS, 2, 1);
        model.mlpInBias(0).set(0, 1, -1);
        model.mlpOut(0).set(ANSWER, 0, 1).set(ANSWER, 1, -1);
        model.unembed().set(YES, ANSWER, LOGIT);
        return model.build("or");
    }
}
