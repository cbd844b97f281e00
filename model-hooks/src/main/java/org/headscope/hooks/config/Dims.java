package org.headscope.hooks.config;

/**
 * The sizes of a transformer.
 *
 * @param layers number of blocks
 * @param heads query heads per block ({@code n_heads})
 * @param kvHeads key and value heads per block; fewer than {@code heads} under grouped-query attention
 * @param dModel width of the residual stream
 * @param dHead width of one head; {@code heads * dHead} need not be {@code dModel}
 * @param dMlp hidden width of the MLP, 0 for attention-only models
 * @param context longest input in tokens
 * @param vocab number of token ids
 */
public record Dims(int layers, int heads, int kvHeads, int dModel, int dHead, int dMlp, int context, int vocab) {
    /** Refuses sizes that no transformer can have. */
    public Dims {
        requirePositive("layers", layers);
        requirePositive("heads", heads);
        requirePositive("kvHeads", kvHeads);
        requirePositive("dModel", dModel);
        requirePositive("dHead", dHead);
        requirePositive("context", context);
        requirePositive("vocab", vocab);
        if (heads % kvHeads != 0) {
            throw new ConfigException("config.json: " + heads + " heads cannot share " + kvHeads
                    + " key-value heads evenly. Check num_attention_heads and num_key_value_heads.");
        }
        if (dMlp < 0) {
            throw new ConfigException("config.json: the MLP width " + dMlp + " is negative.");
        }
    }

    /** {@return how many query heads share one key-value head} */
    public int group() {
        return heads / kvHeads;
    }

    private static void requirePositive(String what, int value) {
        if (value <= 0) {
            throw new ConfigException("config.json: " + what + " is " + value + " but must be at least 1.");
        }
    }
}
