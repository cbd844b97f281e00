package org.headscope.hooks.handbuilt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
import org.headscope.hooks.config.UnembedSpec;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.ModelWeights;
import org.headscope.hooks.weights.UnembedWeights;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a hand-built transformer before they go to native memory: learned positions, no norms, biases where they
 * were asked for. Its MLPs, where it has any, are plain with ReLU.
 */
final class Blueprint {
    private final Dims dims;
    private final Matrix tokens;
    private final Matrix positions;
    private final Matrix unembed;
    private final Matrix unembedBias;
    private final List<Layer> layers = new ArrayList<>();

    Blueprint(Dims dims) {
        this.dims = dims;
        this.tokens = new Matrix(dims.vocab(), dims.dModel());
        this.positions = new Matrix(dims.context(), dims.dModel());
        this.unembed = new Matrix(dims.vocab(), dims.dModel());
        this.unembedBias = new Matrix(1, dims.vocab());
        for (int l = 0; l < dims.layers(); l++) {
            layers.add(new Layer());
        }
    }

    private final class Layer {
        private final Matrix q = new Matrix(dims.heads() * dims.dHead(), dims.dModel());
        private final Matrix k = new Matrix(dims.kvHeads() * dims.dHead(), dims.dModel());
        private final Matrix v = new Matrix(dims.kvHeads() * dims.dHead(), dims.dModel());
        private final Matrix o = new Matrix(dims.dModel(), dims.heads() * dims.dHead());
        private final Matrix qBias = new Matrix(1, dims.heads() * dims.dHead());
        private final @Nullable Mlp mlp = dims.dMlp() == 0 ? null : new Mlp();
    }

    private final class Mlp {
        private final Matrix in = new Matrix(dims.dMlp(), dims.dModel());
        private final Matrix inBias = new Matrix(1, dims.dMlp());
        private final Matrix out = new Matrix(dims.dModel(), dims.dMlp());
    }

    /** {@code W_E [vocab, d_model]}. */
    Matrix tokens() {
        return tokens;
    }

    /** {@code W_pos [context, d_model]}. */
    Matrix positions() {
        return positions;
    }

    /** {@code W_U [vocab, d_model]}. */
    Matrix unembed() {
        return unembed;
    }

    /** {@code b_U [1, vocab]}. */
    Matrix unembedBias() {
        return unembedBias;
    }

    /** {@code [d_head, d_model]} of one head. */
    Matrix q(int layer, int head) {
        return layers.get(layer).q.from(head * dims.dHead(), 0);
    }

    /** {@code [1, d_head]} of one head. */
    Matrix qBias(int layer, int head) {
        return layers.get(layer).qBias.from(0, head * dims.dHead());
    }

    /** {@code [d_head, d_model]} of one key-value head. */
    Matrix k(int layer, int kvHead) {
        return layers.get(layer).k.from(kvHead * dims.dHead(), 0);
    }

    /** {@code [d_head, d_model]} of one key-value head. */
    Matrix v(int layer, int kvHead) {
        return layers.get(layer).v.from(kvHead * dims.dHead(), 0);
    }

    /** {@code [d_model, d_head]} of one head. */
    Matrix o(int layer, int head) {
        return layers.get(layer).o.from(0, head * dims.dHead());
    }

    /** {@code [d_mlp, d_model]}. */
    Matrix mlpIn(int layer) {
        return mlp(layer).in;
    }

    /** {@code [1, d_mlp]}. */
    Matrix mlpInBias(int layer) {
        return mlp(layer).inBias;
    }

    /** {@code [d_model, d_mlp]}. */
    Matrix mlpOut(int layer) {
        return mlp(layer).out;
    }

    private Mlp mlp(int layer) {
        Mlp mlp = layers.get(layer).mlp;
        if (mlp == null) {
            throw new IllegalStateException("This blueprint was made without MLPs.");
        }
        return mlp;
    }

    /** The model under a name that stands for exactly these weights. */
    HookedTransformer build(String name) {
        NDManager manager = Engines.newManager();
        try {
            return new HookedTransformer(config(), weights(manager), ModelIdentity.built(name), null, manager);
        } catch (Throwable e) {
            manager.close();
            throw e;
        }
    }

    private ModelConfig config() {
        LayerAttention layer = new LayerAttention(1 / Math.sqrt(dims.dHead()), 0, null);
        BlockSpec.Arrangement arrangement =
                dims.dMlp() == 0 ? BlockSpec.Arrangement.ATTN_ONLY : BlockSpec.Arrangement.SEQUENTIAL;
        return new ModelConfig(
                "headscope",
                dims,
                new EmbedSpec(1, EmbedSpec.Positions.LEARNED, 0, 0),
                new AttentionSpec(
                        true,
                        Collections.nCopies(dims.layers(), layer),
                        AttentionSpec.QkNorm.NONE,
                        null,
                        AttentionSpec.Alibi.NONE),
                new BlockSpec(arrangement, new NormSpec(NormSpec.Kind.NONE, 0)),
                new MlpSpec(false, Activation.RELU),
                new UnembedSpec(null, false, false));
    }

    private ModelWeights weights(NDManager manager) {
        EmbedWeights embed = new EmbedWeights(tokens.in(manager), positions.in(manager), null, null, null);
        List<BlockWeights> blocks =
                layers.stream().map(layer -> block(layer, manager)).toList();
        Linear out = new Linear(unembed.in(manager), bias(unembedBias, manager));
        return new ModelWeights(embed, blocks, new UnembedWeights(null, null, null, null, out));
    }

    private static BlockWeights block(Layer layer, NDManager manager) {
        AttentionWeights attention = new AttentionWeights(
                new Linear(layer.q.in(manager), bias(layer.qBias, manager)),
                new Linear(layer.k.in(manager), null),
                new Linear(layer.v.in(manager), null),
                new Linear(layer.o.in(manager), null),
                AttentionWeights.Extras.NONE);
        Mlp mlp = layer.mlp;
        return new BlockWeights(attention, mlp == null ? null : mlp(mlp, manager), BlockWeights.Norms.NONE);
    }

    private static MlpWeights mlp(Mlp mlp, NDManager manager) {
        return new MlpWeights.Plain(
                new Linear(mlp.in.in(manager), bias(mlp.inBias, manager)), new Linear(mlp.out.in(manager), null));
    }

    private static @Nullable NDArray bias(Matrix row, NDManager manager) {
        return row.isZero() ? null : row.flatIn(manager);
    }
}
