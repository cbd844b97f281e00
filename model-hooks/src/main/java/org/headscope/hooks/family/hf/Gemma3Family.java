package org.headscope.hooks.family.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.RopeSpec;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.RopeScaling;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.ModelWeights;

/** Gemma 3 (text): queries and keys normalised per head, most layers with a window and a rotary base of their own. */
public final class Gemma3Family implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of("gemma3_text");
    }

    @Override
    public ModelConfig config(JsonNode config) {
        HfConfig c = HfConfig.of(config);
        Dims dims = HfDims.of(c);
        int pattern = c.optionalInteger("sliding_window_pattern", "_sliding_window_pattern")
                .orElse(6);
        IntPredicate usual = layer -> (layer + 1) % Math.max(1, pattern) != 0;
        IntPredicate sliding = Windows.sliding(c, dims, usual);
        RopeSpec near = rope(c, dims, "sliding_attention");
        RopeSpec far = rope(c, dims, "full_attention");
        return GemmaParts.config("gemma3_text", c, dims)
                .ropePerLayer(layer -> sliding.test(layer) ? near : far)
                .window(Windows.of(c, dims, usual))
                .qkNorm(AttentionSpec.QkNorm.PER_HEAD)
                .softcaps(
                        GemmaParts.softcap(c, "attn_logit_softcapping", null),
                        GemmaParts.softcap(c, "final_logit_softcapping", null))
                .build();
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Bias bias = Bias.of(HfConfig.of(raw).flag(false, "attention_bias"));
        Dims dims = config.dims();
        LlamaParts parts = new LlamaParts(tensors, config);
        return parts.model(
                block -> new BlockWeights(
                        parts.normed(
                                parts.attention(block, bias),
                                block.onePlus("self_attn.q_norm", dims.dHead()),
                                block.onePlus("self_attn.k_norm", dims.dHead())),
                        parts.gatedMlp(block, Bias.NO),
                        GemmaParts.norms(block, dims)),
                model -> model.rmsNormPlusOne("norm", dims.dModel()));
    }

    private static RopeSpec rope(HfConfig c, Dims dims, String kind) {
        boolean near = kind.equals("sliding_attention");
        Optional<HfConfig> nested = c.object("rope_parameters").flatMap(p -> p.object(kind));
        double usual = near
                ? c.optionalNumber("rope_local_base_freq").orElse(10_000)
                : c.optionalNumber("rope_theta").orElse(1_000_000);
        RopeScaling.Base base = HfRope.base(
                dims,
                nested.map(p -> p.optionalNumber("rope_theta").orElse(usual)).orElse(usual),
                1);
        // in the older spelling the scaling belongs to the full layers alone
        Optional<HfConfig> scaling = nested.isPresent() || near ? nested : c.object("rope_scaling");
        return scaling.map(s -> RopeScaling.of(base, s)).orElseGet(() -> RopeScaling.plain(base));
    }
}
