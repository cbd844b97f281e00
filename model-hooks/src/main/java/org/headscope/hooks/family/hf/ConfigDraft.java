package org.headscope.hooks.family.hf;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.EmbedSpec;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.MlpSpec;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.config.RopeSpec;
import org.headscope.hooks.config.UnembedSpec;
import org.jspecify.annotations.Nullable;

/**
 * A configuration in the making. It starts as the plainest decoder: causal, sequential, pre-norm, scores divided by
 * the square root of the head width, positions nowhere, a plain MLP, untied. An adapter states what is different.
 */
final class ConfigDraft {
    private final String family;
    private final Dims dims;
    private final NormSpec norm;
    private MlpSpec mlp;
    private EmbedSpec embed = new EmbedSpec(1, EmbedSpec.Positions.IN_ATTENTION, 0, 0);
    private BlockSpec.Arrangement arrangement = BlockSpec.Arrangement.SEQUENTIAL;
    private boolean causal = true;
    private IntToDoubleFunction scale;
    private IntUnaryOperator window = layer -> 0;
    private IntFunction<@Nullable RopeSpec> rope = layer -> null;
    private AttentionSpec.QkNorm qkNorm = AttentionSpec.QkNorm.NONE;
    private AttentionSpec.Alibi alibi = AttentionSpec.Alibi.NONE;
    private @Nullable Double scoreCap;
    private @Nullable Double logitCap;
    private boolean tied;
    private boolean maskedLm;

    private ConfigDraft(String family, Dims dims, NormSpec norm) {
        this.family = family;
        this.dims = dims;
        this.norm = norm;
        this.mlp = new MlpSpec(false, Activation.GELU);
        double usual = 1 / Math.sqrt(dims.dHead());
        this.scale = layer -> usual;
    }

    static ConfigDraft layerNorm(String family, Dims dims, double eps) {
        return new ConfigDraft(family, dims, new NormSpec(NormSpec.Kind.LAYER, eps));
    }

    static ConfigDraft rmsNorm(String family, Dims dims, double eps) {
        return new ConfigDraft(family, dims, new NormSpec(NormSpec.Kind.RMS, eps));
    }

    ConfigDraft mlp(Activation activation) {
        this.mlp = new MlpSpec(false, activation);
        return this;
    }

    ConfigDraft gatedMlp(Activation activation) {
        this.mlp = new MlpSpec(true, activation);
        return this;
    }

    ConfigDraft learnedPositions(int offset) {
        this.embed = new EmbedSpec(embed.scale(), EmbedSpec.Positions.LEARNED, offset, 0);
        return this;
    }

    ConfigDraft learnedPositionsAfterPadding(int padId) {
        this.embed = new EmbedSpec(embed.scale(), EmbedSpec.Positions.LEARNED_NON_PAD, padId + 1, padId);
        return this;
    }

    ConfigDraft embedScale(double factor) {
        this.embed = new EmbedSpec(factor, embed.positions(), embed.positionOffset(), embed.padId());
        return this;
    }

    ConfigDraft arrangement(BlockSpec.Arrangement value) {
        this.arrangement = value;
        return this;
    }

    ConfigDraft bidirectional() {
        this.causal = false;
        return this;
    }

    ConfigDraft scale(double value) {
        this.scale = layer -> value;
        return this;
    }

    ConfigDraft scalePerLayer(IntToDoubleFunction value) {
        this.scale = value;
        return this;
    }

    ConfigDraft window(IntUnaryOperator value) {
        this.window = value;
        return this;
    }

    ConfigDraft rope(RopeSpec value) {
        this.rope = layer -> value;
        return this;
    }

    ConfigDraft ropePerLayer(IntFunction<@Nullable RopeSpec> value) {
        this.rope = value;
        return this;
    }

    ConfigDraft qkNorm(AttentionSpec.QkNorm value) {
        this.qkNorm = value;
        return this;
    }

    ConfigDraft alibi(AttentionSpec.Alibi value) {
        this.alibi = value;
        return this;
    }

    ConfigDraft softcaps(@Nullable Double scores, @Nullable Double logits) {
        this.scoreCap = scores;
        this.logitCap = logits;
        return this;
    }

    ConfigDraft tied(boolean value) {
        this.tied = value;
        return this;
    }

    ConfigDraft maskedLm() {
        this.maskedLm = true;
        return this;
    }

    ModelConfig build() {
        List<LayerAttention> layers = new ArrayList<>();
        for (int layer = 0; layer < dims.layers(); layer++) {
            layers.add(new LayerAttention(scale.applyAsDouble(layer), window.applyAsInt(layer), rope.apply(layer)));
        }
        return new ModelConfig(
                family,
                dims,
                embed,
                new AttentionSpec(causal, layers, qkNorm, scoreCap, alibi),
                new BlockSpec(arrangement, norm),
                mlp,
                new UnembedSpec(logitCap, tied, maskedLm));
    }
}
