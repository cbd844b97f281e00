package org.headscope.hooks.handbuilt;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * Two paths whose slopes cancel. Head 0.0 writes {@code a = 1} when the signal token stands at position 1 and {@code a = -1}
 * when another one does. The logit of {@link #YES} is {@code 10 a - 10 relu(a)}: what the head adds directly, the MLP of
 * layer 1 takes away again, as long as {@code a} is positive. So where the signal stands the logit is flat in {@code a}
 * although patching the head takes it from 0 to -10. Head 0.1 reports the same token and adds {@code 1 a}: a small effect
 * without any cancelling, 2 logits where the first head has 10.
 *
 * <p>A gradient at the run with the signal finds nothing in head 0.0 (the failure that GradDrop of AtP* is made for: Kramar
 * et al., arXiv 2403.00745), one at the run without it says twice the truth. All other heads look at the same place and
 * write nothing; the MLP of layer 0 is zero.
 */
public final class CancelModel {
    /** The token that the heads look for. */
    public static final int SIGNAL = 1;
    /** The token that stands for its opposite. */
    public static final int OTHER = 2;
    /** The answer. */
    public static final int YES = 3;
    /** An answer whose logit is always 0. */
    public static final int NO = 4;
    /** What a written 1 adds to the logit of {@link #YES}, directly, and what the MLP takes away. */
    public static final double LOGIT = 10;
    /** What a written 1 of head 0.1 adds. */
    public static final double SMALL = 1;

    private static final int LAYERS = 2;
    private static final int HEADS = 2;
    private static final int VOCAB = 5;
    private static final int CONTEXT = 16;
    private static final int POSITION = VOCAB;
    private static final int REPORTS = POSITION + CONTEXT;
    private static final int ANSWER = REPORTS + HEADS;
    private static final int WIDTH = ANSWER + 1;
    private static final int D_HEAD = 4;

    /* 15 * 4 / sqrt(4) = 30, exactly. */
    private static final double QUERY = 15;
    private static final double KEY = 4;

    private CancelModel() {}

    /** {@return the model; close it} */
    public static HookedTransformer create() {
        Blueprint model = new Blueprint(new Dims(LAYERS, HEADS, HEADS, WIDTH, D_HEAD, 1, CONTEXT, VOCAB));
        model.tokens().diagonal(0, 0, VOCAB, 1);
        model.positions().diagonal(0, POSITION, CONTEXT, 1);
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int head = 0; head < HEADS; head++) {
                model.qBias(layer, head).set(0, 0, QUERY);
                model.k(layer, head).set(0, POSITION + 1, KEY);
                model.v(layer, head).set(0, SIGNAL, 1).set(0, OTHER, -1);
            }
        }
        model.o(0, 0).set(REPORTS, 0, 1);
        model.o(0, 1).set(REPORTS + 1, 0, 1);
        model.mlpIn(1).set(0, REPORTS, 1);
        model.mlpOut(1).set(ANSWER, 0, -1);
        model.unembed().set(YES, REPORTS, LOGIT).set(YES, REPORTS + 1, SMALL).set(YES, ANSWER, LOGIT);
        return model.build("cancel");
    }
}
