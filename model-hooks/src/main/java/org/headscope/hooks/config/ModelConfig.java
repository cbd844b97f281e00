package org.headscope.hooks.config;

/**
 * Everything the forward pass needs to know about a transformer besides its weights.
 *
 * @param family the checkpoint family, by its Hugging Face {@code model_type}
 * @param dims sizes
 * @param embed input side
 * @param attention attention
 * @param block arrangement and norm
 * @param mlp the MLP; its fields are unused when the block has none
 * @param unembed output side
 */
public record ModelConfig(
        String family,
        Dims dims,
        EmbedSpec embed,
        AttentionSpec attention,
        BlockSpec block,
        MlpSpec mlp,
        UnembedSpec unembed) {
    /** Refuses a per-layer list of the wrong length, and heads that rotate more dimensions than they have. */
    public ModelConfig {
        if (attention.layers().size() != dims.layers()) {
            throw new ConfigException("The configuration describes attention for "
                    + attention.layers().size() + " layers, but the model has " + dims.layers() + ".");
        }
        for (LayerAttention layer : attention.layers()) {
            RopeSpec rope = layer.rope();
            if (rope != null && rope.dims() > dims.dHead()) {
                throw new ConfigException("config.json: " + rope.dims() + " dimensions of each head should rotate, but"
                        + " heads have only " + dims.dHead() + ". Check partial_rotary_factor or rotary_dim.");
            }
        }
    }
}
