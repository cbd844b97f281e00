package org.headscope.hooks.testing;

import java.util.Collections;
import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.MlpSpec;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.UnembedSpec;
import org.headscope.hooks.handbuilt.RandomModel;

/** Random models small enough to compute along by hand. */
public final class SmallModels {
    /** Two layers of four heads. */
    public static final Dims DIMS = new Dims(2, 4, 4, 16, 4, 24, 24, 30);
    /** The same with two key-value heads. */
    public static final Dims GROUPED = new Dims(2, 4, 2, 16, 4, 24, 24, 30);

    private SmallModels() {}

    /** LayerNorm, learned positions, biases. */
    public static HookedTransformer gpt2() {
        return RandomModel.of(RandomModel.gpt2(DIMS), 11);
    }

    /** RMSNorm, rotary positions, grouped heads. */
    public static HookedTransformer llama() {
        return RandomModel.of(RandomModel.llama(GROUPED), 11);
    }

    /** GPT-2 style with another arrangement of blocks. */
    public static HookedTransformer arranged(BlockSpec.Arrangement arrangement) {
        ModelConfig c = RandomModel.gpt2(DIMS);
        BlockSpec block = new BlockSpec(arrangement, c.block().norm());
        return RandomModel.of(
                new ModelConfig(c.family(), c.dims(), c.embed(), c.attention(), block, c.mlp(), c.unembed()), 11);
    }

    /** Llama style with capped scores and logits, and a sigmoid for GELU. */
    public static HookedTransformer capped() {
        ModelConfig c = RandomModel.llama(GROUPED);
        AttentionSpec a = c.attention();
        AttentionSpec attention = new AttentionSpec(a.causal(), a.layers(), a.qkNorm(), 2.0, a.alibi());
        MlpSpec mlp = new MlpSpec(true, Activation.QUICK_GELU);
        UnembedSpec unembed = new UnembedSpec(3.0, false, false);
        return RandomModel.of(new ModelConfig(c.family(), c.dims(), c.embed(), attention, c.block(), mlp, unembed), 11);
    }

    /** Llama style where each query sees only some keys. */
    public static HookedTransformer windowed(int window) {
        ModelConfig c = RandomModel.llama(GROUPED);
        LayerAttention layer = c.attention().layers().get(0);
        List<LayerAttention> layers =
                Collections.nCopies(c.dims().layers(), new LayerAttention(layer.scale(), window, layer.rope()));
        AttentionSpec a = c.attention();
        AttentionSpec attention = new AttentionSpec(a.causal(), layers, a.qkNorm(), a.softcap(), a.alibi());
        return RandomModel.of(
                new ModelConfig(c.family(), c.dims(), c.embed(), attention, c.block(), c.mlp(), c.unembed()), 11);
    }
}
