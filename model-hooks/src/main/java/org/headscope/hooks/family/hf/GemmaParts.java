package org.headscope.hooks.family.hf;

import java.util.OptionalDouble;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.weights.BlockWeights;
import org.jspecify.annotations.Nullable;

/** What Gemma 2 and 3 share: gains of {@code 1 + w}, norms in front of and behind both parts, scaled embeddings. */
final class GemmaParts {
    private GemmaParts() {}

    static ConfigDraft config(String family, HfConfig c, Dims dims) {
        c.refuse("use_bidirectional_attention");
        double scalar = c.optionalNumber("query_pre_attn_scalar").orElse(256);
        return ConfigDraft.rmsNorm(
                        family, dims, c.optionalNumber("rms_norm_eps").orElse(1e-6))
                .embedScale(Math.sqrt(dims.dModel()))
                .scale(1 / Math.sqrt(scalar))
                .gatedMlp(
                        Activation.of(c.text("hidden_activation", "hidden_act").orElse("gelu_pytorch_tanh")))
                .tied(c.flag(true, "tie_word_embeddings"));
    }

    /** A soft cap; the usual one counts only when the file does not mention it, because null means none. */
    static @Nullable Double softcap(HfConfig c, String name, @Nullable Double usual) {
        OptionalDouble given = c.optionalNumber(name);
        if (given.isPresent()) {
            return given.getAsDouble();
        }
        return c.mentions(name) ? null : usual;
    }

    static BlockWeights.Norms norms(TensorScope block, Dims dims) {
        return new BlockWeights.Norms(
                block.rmsNormPlusOne("input_layernorm", dims.dModel()),
                block.rmsNormPlusOne("pre_feedforward_layernorm", dims.dModel()),
                block.rmsNormPlusOne("post_attention_layernorm", dims.dModel()),
                block.rmsNormPlusOne("post_feedforward_layernorm", dims.dModel()));
    }
}
