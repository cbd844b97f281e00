package org.headscope.hooks.handbuilt;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;

/**
 * One layer of grouped-query attention: four query heads share two key-value heads. Head {@code h} looks at position
 * {@code h} and adds {@code 2^h} to the logit of the token there. Keys and values exist twice, not four times: a change to
 * key-value head 0 reaches heads 0 and 1, a change to {@code z} reaches one head.
 */
public final class GqaModel {
    /** Query heads. */
    public static final int HEADS = 4;
    /** Key-value heads. */
    public static final int KV_HEADS = 2;

    private static final int VOCAB = 8;
    private static final int CONTEXT = 16;
    private static final int POSITION = VOCAB;
    private static final int OUT = POSITION + CONTEXT;
    private static final int WIDTH = OUT + HEADS * VOCAB;

    /* 15 * 8 / sqrt(16) = 30, exactly. */
    private static final double QUERY = 15;
    private static final double KEY = 8;

    private GqaModel() {}

    /** {@return the model; close it} */
    public static HookedTransformer create() {
        Blueprint model = new Blueprint(new Dims(1, HEADS, KV_HEADS, WIDTH, CONTEXT, 0, CONTEXT, VOCAB));
        model.tokens().diagonal(0, 0, VOCAB, 1);
        model.positions().diagonal(0, POSITION, CONTEXT, 1);
        for (int kv = 0; kv < KV_HEADS; kv++) {
            model.k(0, kv).diagonal(0, POSITION, CONTEXT, KEY);
            model.v(0, kv).diagonal(0, 0, VOCAB, 1);
        }
        for (int head = 0; head < HEADS; head++) {
            int out = OUT + head * VOCAB;
            model.qBias(0, head).set(0, head, QUERY);
            model.o(0, head).diagonal(out, 0, VOCAB, 1);
            model.unembed().diagonal(0, out, VOCAB, 1 << head);
        }
        return model.build("gqa");
    }
}
