package org.headscope.hooks.family.hf;

import java.util.OptionalInt;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.family.HfConfig;

/** The sizes of a model in all spellings that the families use. */
final class HfDims {
    private static final int MOST_LAYERS = 10_000;
    private static final int WIDEST = 1 << 24;
    private static final int WIDEST_HEAD = 1 << 16;

    private HfDims() {}

    /** Sizes of a model whose configuration gives its context. */
    static Dims of(HfConfig c) {
        return of(c, c.integer("max_position_embeddings", "n_positions", "n_ctx", "seq_length"), kvHeads(c));
    }

    /** Sizes of a model whose longest input and number of key-value heads were found elsewhere. */
    static Dims of(HfConfig c, int context, int kvHeads) {
        int layers = atMost(MOST_LAYERS, "layers", c.integer("num_hidden_layers", "n_layer", "num_layers", "n_layers"));
        int width = width(c);
        int heads = heads(c);
        int mlp = atMost(
                WIDEST,
                "MLP width",
                c.optionalInteger("intermediate_size", "n_inner", "ffn_dim", "hidden_dim", "ffn_hidden_size")
                        .orElse(4 * width));
        return new Dims(
                layers, heads, kvHeads, width, headWidth(c, width, heads), mlp, context, c.integer("vocab_size"));
    }

    static int heads(HfConfig c) {
        return c.integer("num_attention_heads", "n_head", "num_heads", "n_heads");
    }

    /** Key-value heads of a family that spells them {@code num_key_value_heads} or not at all. */
    static int kvHeads(HfConfig c) {
        return c.optionalInteger("num_key_value_heads").orElseGet(() -> heads(c));
    }

    static int width(HfConfig c) {
        return atMost(WIDEST, "width", c.integer("hidden_size", "n_embd", "n_embed", "d_model", "dim"));
    }

    private static int headWidth(HfConfig c, int width, int heads) {
        OptionalInt given = c.optionalInteger("head_dim");
        if (given.isPresent()) {
            return atMost(WIDEST_HEAD, "head_dim", given.getAsInt());
        }
        if (heads <= 0 || width % heads != 0) {
            throw new ConfigException("config.json: a width of " + width + " cannot be divided into " + heads
                    + " heads, and 'head_dim' is not given.");
        }
        return width / heads;
    }

    private static int atMost(int limit, String what, int value) {
        if (value > limit) {
            throw new ConfigException(
                    "config.json: " + what + " is " + value + "; more than " + limit + " is taken for an error.");
        }
        return value;
    }
}
