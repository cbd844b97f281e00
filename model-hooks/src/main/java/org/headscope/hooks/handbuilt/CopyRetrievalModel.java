package org.headscope.hooks.handbuilt;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * One layer that copies from a fixed distance back: the next token is the one that stood {@link #DISTANCE} positions
 * before it. Greedy decoding therefore repeats whatever lies there, and the head that does it, 0.2, is by the definition
 * of Wu et al. (arXiv 2404.15574) a retrieval head with score 1 for any needle that starts at that distance and is no
 * longer. The other heads look at position 0, at the token itself and at the one before it; they write nothing.
 *
 * <p>With head 0.2 set to zero all logits are 0. With its attention made uniform the logit of a token is ten times its
 * share of the tokens seen so far.
 */
public final class CopyRetrievalModel {
    /** The head that copies. */
    public static final int HEAD = 2;
    /** How far before the next token the copied token stands. */
    public static final int DISTANCE = 12;
    /** The logit of the copied token. */
    public static final double LOGIT = 10;

    private static final int HEADS = 4;
    private static final int VOCAB = 32;
    private static final int CONTEXT = 64;
    private static final int POSITION = VOCAB;
    private static final int PREDICTION = POSITION + CONTEXT;
    private static final int WIDTH = PREDICTION + VOCAB;

    /* 16 * 15 / sqrt(64) = 30, exactly. */
    private static final double QUERY = 16;
    private static final double KEY = 15;

    private CopyRetrievalModel() {}

    /** {@return the model; close it} */
    public static HookedTransformer create() {
        Blueprint model = new Blueprint(new Dims(1, HEADS, HEADS, WIDTH, CONTEXT, 0, CONTEXT, VOCAB));
        model.tokens().diagonal(0, 0, VOCAB, 1);
        model.positions().diagonal(0, POSITION, CONTEXT, 1);
        model.unembed().diagonal(0, PREDICTION, VOCAB, LOGIT);
        model.q(0, 0).across(0, POSITION, CONTEXT, QUERY);
        model.k(0, 0).set(0, POSITION, KEY);
        lookBack(model, 1, 0);
        lookBack(model, HEAD, DISTANCE - 1);
        lookBack(model, 3, 1);
        model.v(0, HEAD).diagonal(0, 0, VOCAB, 1);
        model.o(0, HEAD).diagonal(PREDICTION, 0, VOCAB, 1);
        return model.build("copy-retrieval");
    }

    private static void lookBack(Blueprint model, int head, int distance) {
        model.q(0, head).diagonal(0, POSITION + distance, CONTEXT - distance, QUERY);
        model.k(0, head).diagonal(0, POSITION, CONTEXT, KEY);
    }
}
