package org.headscope.analysis;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.EmbedSpec;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.handbuilt.RandomModel;

/** Small random models of different build: what holds for every transformer is to hold for all of them. */
public final class Families {
    private Families() {}

    /** Learned positions; rotary and grouped heads; rotary and parallel blocks; a sliding window; ALiBi. */
    public static Stream<ModelConfig> all(int layers) {
        ModelConfig gpt2 = RandomModel.gpt2(dims(layers, 4));
        ModelConfig llama = RandomModel.llama(dims(layers, 2));
        return Stream.of(gpt2, llama, parallel(layers), window(llama, 5), alibi(gpt2));
    }

    /** Rotary positions, LayerNorm, attention and MLP side by side. */
    public static ModelConfig parallel(int layers) {
        ModelConfig gpt2 = RandomModel.gpt2(dims(layers, 4));
        return new ModelConfig(
                "gpt_neox",
                gpt2.dims(),
                new EmbedSpec(1, EmbedSpec.Positions.IN_ATTENTION, 0, 0),
                RandomModel.llama(dims(layers, 4)).attention(),
                new BlockSpec(BlockSpec.Arrangement.PARALLEL, gpt2.block().norm()),
                gpt2.mlp(),
                gpt2.unembed());
    }

    /** The same model with queries that see so many keys only. */
    public static ModelConfig window(ModelConfig config, int window) {
        List<LayerAttention> layers = config.attention().layers().stream()
                .map(layer -> new LayerAttention(layer.scale(), window, layer.rope()))
                .toList();
        AttentionSpec attention =
                new AttentionSpec(true, layers, AttentionSpec.QkNorm.NONE, null, AttentionSpec.Alibi.NONE);
        return with(config, "mistral", config.embed(), attention);
    }

    private static ModelConfig alibi(ModelConfig config) {
        List<LayerAttention> layers = Collections.nCopies(
                config.dims().layers(),
                new LayerAttention(1 / Math.sqrt(config.dims().dHead()), 0, null));
        AttentionSpec attention =
                new AttentionSpec(true, layers, AttentionSpec.QkNorm.NONE, null, AttentionSpec.Alibi.AFTER_SCALE);
        return with(config, "bloom", new EmbedSpec(1, EmbedSpec.Positions.IN_ATTENTION, 0, 0), attention);
    }

    private static ModelConfig with(ModelConfig config, String family, EmbedSpec embed, AttentionSpec attention) {
        return new ModelConfig(family, config.dims(), embed, attention, config.block(), config.mlp(), config.unembed());
    }

    private static Dims dims(int layers, int kvHeads) {
        return new Dims(layers, 4, kvHeads, 32, 8, 48, 300, 40);
    }
}
