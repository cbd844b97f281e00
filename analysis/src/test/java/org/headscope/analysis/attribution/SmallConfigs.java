package org.headscope.analysis.attribution;

import java.util.List;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.handbuilt.RandomModel;

/** Small random models that differ in positions, key-value groups, and the order of their parts. */
enum SmallConfigs {
    /** Learned positions, LayerNorm. */
    GPT2 {
        @Override
        ModelConfig config() {
            return RandomModel.gpt2(PLAIN);
        }
    },
    /** Rotary positions, grouped heads. */
    LLAMA {
        @Override
        ModelConfig config() {
            return RandomModel.llama(GROUPED);
        }
    },
    /** Attention and MLP in parallel. */
    NEOX {
        @Override
        ModelConfig config() {
            ModelConfig c = RandomModel.llama(PLAIN);
            ModelConfig g = RandomModel.gpt2(PLAIN);
            BlockSpec parallel =
                    new BlockSpec(BlockSpec.Arrangement.PARALLEL, g.block().norm());
            return new ModelConfig("gpt_neox", PLAIN, c.embed(), c.attention(), parallel, g.mlp(), c.unembed());
        }
    },
    /** Linear biases and a window of three keys. */
    WINDOWED {
        @Override
        ModelConfig config() {
            ModelConfig c = RandomModel.llama(GROUPED);
            LayerAttention layer = new LayerAttention(0.5, 3, null);
            AttentionSpec spec = new AttentionSpec(
                    true, List.of(layer, layer), AttentionSpec.QkNorm.NONE, null, AttentionSpec.Alibi.AFTER_SCALE);
            return new ModelConfig("headscope", GROUPED, c.embed(), spec, c.block(), c.mlp(), c.unembed());
        }
    };

    private static final Dims PLAIN = new Dims(2, 4, 4, 16, 4, 24, 32, 31);
    private static final Dims GROUPED = new Dims(2, 4, 2, 16, 4, 24, 32, 31);

    abstract ModelConfig config();

    /** A model that sees later tokens. */
    static ModelConfig bothWays() {
        ModelConfig c = RandomModel.gpt2(PLAIN);
        AttentionSpec a = c.attention();
        AttentionSpec spec = new AttentionSpec(false, a.layers(), a.qkNorm(), a.softcap(), a.alibi());
        return new ModelConfig("bert", PLAIN, c.embed(), spec, c.block(), c.mlp(), c.unembed());
    }
}
