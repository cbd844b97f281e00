package org.headscope.hooks.handbuilt;

import ai.djl.ndarray.NDManager;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelIdentity;
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
import org.headscope.hooks.family.RopeScaling;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.ModelWeights;
import org.jspecify.annotations.Nullable;

/**
 * Random models of any size: for benchmarks, where only the shape matters, and for identities that hold for every model.
 * The numbers come from the engine's generator straight into native memory; one seed always gives the same model.
 */
public final class RandomModel {
    private static final double ROPE_THETA = 10_000;
    private static final double EPS = 1e-5;

    private RandomModel() {}

    /**
     * GPT-2 style: LayerNorm, learned positions, plain MLP with tanh GELU, biases everywhere, tied unembedding.
     *
     * @param dims sizes
     * @return the configuration
     */
    public static ModelConfig gpt2(Dims dims) {
        return new ModelConfig(
                "gpt2",
                dims,
                new EmbedSpec(1, EmbedSpec.Positions.LEARNED, 0, 0),
                attention(dims, null),
                new BlockSpec(BlockSpec.Arrangement.SEQUENTIAL, new NormSpec(NormSpec.Kind.LAYER, EPS)),
                new MlpSpec(false, Activation.GELU_TANH),
                new UnembedSpec(null, true, false));
    }

    /**
     * Llama style: RMSNorm, rotary positions, gated MLP with SiLU, no biases, untied unembedding.
     *
     * @param dims sizes; fewer key-value heads than heads give grouped-query attention
     * @return the configuration
     */
    public static ModelConfig llama(Dims dims) {
        RopeSpec rope = RopeScaling.plain(new RopeScaling.Base(ROPE_THETA, dims.dHead(), false, dims.context()));
        return new ModelConfig(
                "llama",
                dims,
                new EmbedSpec(1, EmbedSpec.Positions.IN_ATTENTION, 0, 0),
                attention(dims, rope),
                new BlockSpec(BlockSpec.Arrangement.SEQUENTIAL, new NormSpec(NormSpec.Kind.RMS, EPS)),
                new MlpSpec(true, Activation.SILU),
                new UnembedSpec(null, false, false));
    }

    /**
     * Makes a random model. LayerNorm models have biases everywhere, others nowhere; gains and biases are not neutral.
     *
     * @param config what the model looks like
     * @param seed the same seed gives the same weights
     * @return the model; close it
     */
    public static HookedTransformer of(ModelConfig config, int seed) {
        return of(config, seed, UnaryOperator.identity());
    }

    /** Makes a random model whose norms stand where {@code norms} puts the two that are drawn for every block. */
    static HookedTransformer of(ModelConfig config, int seed, UnaryOperator<BlockWeights.Norms> norms) {
        NDManager manager = Engines.newManager();
        try {
            synchronized (RandomModel.class) {
                Engines.get().setRandomSeed(seed);
                ModelWeights weights = new RandomWeights(config, manager, norms).draw();
                return new HookedTransformer(config, weights, identity(config, seed), null, manager);
            }
        } catch (Throwable e) {
            manager.close();
            throw e;
        }
    }

    private static ModelIdentity identity(ModelConfig config, int seed) {
        Dims d = config.dims();
        return ModelIdentity.built(
                "random-" + config.family() + "-" + d.layers() + "x" + d.heads() + "x" + d.dModel() + "-seed" + seed);
    }

    private static AttentionSpec attention(Dims dims, @Nullable RopeSpec rope) {
        LayerAttention layer = new LayerAttention(1 / Math.sqrt(dims.dHead()), 0, rope);
        List<LayerAttention> layers = Collections.nCopies(dims.layers(), layer);
        return new AttentionSpec(true, layers, AttentionSpec.QkNorm.NONE, null, AttentionSpec.Alibi.NONE);
    }
}
