package org.headscope.hooks.handbuilt;

import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * A two-layer attention-only transformer whose weights spell out an induction circuit (Elhage et al., "A Mathematical
 * Framework for Transformer Circuits", 2021; Olsson et al., arXiv 2209.11895), so every score is known beforehand.
 *
 * <p>The residual stream has four parts: the token, the position, the token one position earlier, and the prediction.
 * Head 0.1 looks one position back and copies that token into the third part. Head 1.2 looks for keys whose third part is
 * the current token, and copies the token found there into the prediction, which the unembedding multiplies by ten. All
 * other heads look at position 0 and write nothing. Both circuits win the softmax by 30, which in single precision is
 * everything: their previous-token and induction scores are 1, all others 0.
 */
public final class InductionModel {
    /** What it is called, as a folder and in results. */
    public static final String NAME = "induction-2l";
    /** The layer of the previous-token head. */
    public static final int PREVIOUS_LAYER = 0;
    /** The previous-token head. */
    public static final int PREVIOUS_HEAD = 1;
    /** The layer of the induction head. */
    public static final int INDUCTION_LAYER = 1;
    /** The induction head. */
    public static final int INDUCTION_HEAD = 2;
    /** The logit of a token that was found. */
    public static final double LOGIT = 10;

    /** The words the model is shipped with, by token id. */
    public static final List<String> WORDS = List.of(
            "<bos>", "apple", "bird", "cloud", "door", "egg", "fish", "gold", "hill", "ink", "jar", "king", "lamp",
            "moon", "nest", "oak", "pen", "queen", "rain", "sun", "tree", "urn", "vine", "wolf", "year", "zoo", "boat",
            "cat", "dog", "fox", "green", "house");

    private static final int LAYERS = 2;
    private static final int HEADS = 4;
    private static final int VOCAB = 32;
    private static final int CONTEXT = 64;
    private static final int TOKEN = 0;
    private static final int POSITION = VOCAB;
    private static final int EARLIER = POSITION + CONTEXT;
    private static final int PREDICTION = EARLIER + VOCAB;
    private static final int WIDTH = PREDICTION + VOCAB;

    /* 16 * 15 / sqrt(64) = 30, exactly. */
    private static final double QUERY = 16;
    private static final double KEY = 15;

    private InductionModel() {}

    /** {@return the model; close it} */
    public static HookedTransformer create() {
        Blueprint model = new Blueprint(new Dims(LAYERS, HEADS, HEADS, WIDTH, CONTEXT, 0, CONTEXT, VOCAB));
        model.tokens().diagonal(0, TOKEN, VOCAB, 1);
        model.positions().diagonal(0, POSITION, CONTEXT, 1);
        model.unembed().diagonal(0, PREDICTION, VOCAB, LOGIT);
        for (int layer = 0; layer < LAYERS; layer++) {
            for (int head = 0; head < HEADS; head++) {
                fill(model, layer, head);
            }
        }
        return model.build(NAME);
    }

    private static void fill(Blueprint model, int layer, int head) {
        if (layer == PREVIOUS_LAYER && head == PREVIOUS_HEAD) {
            previousToken(model);
        } else if (layer == INDUCTION_LAYER && head == INDUCTION_HEAD) {
            induction(model);
        } else {
            idle(model, layer, head);
        }
    }

    /** The query of position t is row t - 1, which is the key of position t - 1. */
    private static void previousToken(Blueprint model) {
        model.q(PREVIOUS_LAYER, PREVIOUS_HEAD).diagonal(0, POSITION + 1, CONTEXT - 1, QUERY);
        model.k(PREVIOUS_LAYER, PREVIOUS_HEAD).diagonal(0, POSITION, CONTEXT, KEY);
        model.v(PREVIOUS_LAYER, PREVIOUS_HEAD).diagonal(0, TOKEN, VOCAB, 1);
        model.o(PREVIOUS_LAYER, PREVIOUS_HEAD).diagonal(EARLIER, 0, VOCAB, 1);
    }

    private static void induction(Blueprint model) {
        model.q(INDUCTION_LAYER, INDUCTION_HEAD).diagonal(0, TOKEN, VOCAB, QUERY);
        model.k(INDUCTION_LAYER, INDUCTION_HEAD).diagonal(0, EARLIER, VOCAB, KEY);
        model.v(INDUCTION_LAYER, INDUCTION_HEAD).diagonal(0, TOKEN, VOCAB, 1);
        model.o(INDUCTION_LAYER, INDUCTION_HEAD).diagonal(PREDICTION, 0, VOCAB, 1);
    }

    private static void idle(Blueprint model, int layer, int head) {
        model.q(layer, head).across(0, POSITION, CONTEXT, QUERY);
        model.k(layer, head).set(0, POSITION, KEY);
    }
}
