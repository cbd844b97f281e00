package org.headscope.hooks.handbuilt;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * One layer that answers multiple choice in the simplest way: tokens 0 to 3 are labels, tokens 4 to 7 ask for one of them
 * each, the rest are fillers. Head 0.1 looks from the asking token to the label that it asks for and writes it; head 0.0
 * writes nothing. The queries of the four asking tokens point in four directions at right angles, and so do the keys of the
 * labels: around their means both span exactly {@link #RANK} directions.
 */
public final class LabelModel {
    /** Number of labels, and the first token that asks. */
    public static final int LABELS = 4;
    /** The first filler. */
    public static final int FILLER = 2 * LABELS;
    /** The head that finds the label. */
    public static final int HEAD = 1;
    /** Directions that its centred queries and keys span. */
    public static final int RANK = LABELS - 1;

    private static final int VOCAB = 16;
    private static final int CONTEXT = 16;
    private static final int WIDTH = VOCAB + LABELS;
    private static final double LOGIT = 10;

    /* 4 * 3 / sqrt(4) = 6: attention is clear but leaves something to the others, so that every change shows. */
    private static final double QUERY = 4;
    private static final double KEY = 3;

    private LabelModel() {}

    /** {@return the model; close it} */
    public static HookedTransformer create() {
        Blueprint model = new Blueprint(new Dims(1, 2, 2, WIDTH, LABELS, 0, CONTEXT, VOCAB));
        model.tokens().diagonal(0, 0, VOCAB, 1);
        model.unembed().diagonal(0, VOCAB, LABELS, LOGIT);
        model.q(0, HEAD).diagonal(0, LABELS, LABELS, QUERY);
        model.k(0, HEAD).diagonal(0, 0, LABELS, KEY);
        model.v(0, HEAD).diagonal(0, 0, LABELS, 1);
        model.o(0, HEAD).diagonal(VOCAB, 0, LABELS, 1);
        return model.build("label");
    }
}
