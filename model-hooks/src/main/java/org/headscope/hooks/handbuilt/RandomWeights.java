package org.headscope.hooks.handbuilt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.headscope.hooks.config.AttentionSpec.QkNorm;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.EmbedSpec.Positions;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.ModelWeights;
import org.headscope.hooks.weights.NormWeights;
import org.headscope.hooks.weights.UnembedWeights;
import org.jspecify.annotations.Nullable;

/** Draws weights of the size that training leaves behind: unit queries and keys, a residual stream that does not explode. */
final class RandomWeights {
    private static final float GAIN_SPREAD = 0.1f;
    private static final float BIAS_SPREAD = 0.05f;

    private final ModelConfig config;
    private final Dims dims;
    private final boolean layerNorm;
    private final NDManager manager;
    private final UnaryOperator<BlockWeights.Norms> placed;

    RandomWeights(ModelConfig config, NDManager manager, UnaryOperator<BlockWeights.Norms> placed) {
        this.placed = placed;
        this.config = config;
        this.dims = config.dims();
        this.layerNorm = config.block().norm().kind() == NormSpec.Kind.LAYER;
        this.manager = manager;
    }

    ModelWeights draw() {
        EmbedWeights embed = embed();
        List<BlockWeights> blocks = new ArrayList<>();
        for (int l = 0; l < dims.layers(); l++) {
            blocks.add(new BlockWeights(attention(), mlp(), placed.apply(norms())));
        }
        return new ModelWeights(embed, blocks, unembed(embed));
    }

    private EmbedWeights embed() {
        float size = (float) (1 / Math.sqrt(dims.dModel()));
        boolean learned = config.embed().positions() != Positions.IN_ATTENTION;
        int rows = dims.context() + config.embed().positionOffset();
        return new EmbedWeights(
                normal(size, dims.vocab(), dims.dModel()),
                learned ? normal(size / 2, rows, dims.dModel()) : null,
                null,
                postNorm() ? norm() : null,
                null);
    }

    private AttentionWeights attention() {
        int q = dims.heads() * dims.dHead();
        int kv = dims.kvHeads() * dims.dHead();
        return new AttentionWeights(reading(q), reading(kv), reading(kv), writing(q), extras());
    }

    private AttentionWeights.Extras extras() {
        QkNorm norm = config.attention().qkNorm();
        if (norm == QkNorm.NONE) {
            return AttentionWeights.Extras.NONE;
        }
        boolean full = norm == QkNorm.FULL_WIDTH;
        return new AttentionWeights.Extras(
                gain(dims.dHead() * (full ? dims.heads() : 1)), gain(dims.dHead() * (full ? dims.kvHeads() : 1)), null);
    }

    private @Nullable MlpWeights mlp() {
        if (!config.block().hasMlp()) {
            return null;
        }
        return config.mlp().gated()
                ? new MlpWeights.Gated(reading(dims.dMlp()), reading(dims.dMlp()), writing(dims.dMlp()))
                : new MlpWeights.Plain(reading(dims.dMlp()), writing(dims.dMlp()));
    }

    private BlockWeights.Norms norms() {
        return switch (config.block().norm().kind()) {
            case NONE -> BlockWeights.Norms.NONE;
            case LAYER, RMS -> new BlockWeights.Norms(norm(), config.block().hasMlp() ? norm() : null, null, null);
        };
    }

    private UnembedWeights unembed(EmbedWeights embed) {
        boolean none = config.block().norm().kind() == NormSpec.Kind.NONE || postNorm();
        NDArray unembed = config.unembed().tied()
                ? embed.tokens()
                : normal((float) (1 / Math.sqrt(dims.dModel())), dims.vocab(), dims.dModel());
        return new UnembedWeights(none ? null : norm(), null, null, null, new Linear(unembed, null));
    }

    private Linear reading(int out) {
        return linear(out, dims.dModel(), (float) (1 / Math.sqrt(dims.dModel())));
    }

    /** Every block writes twice, and the writes add up. */
    private Linear writing(int in) {
        return linear(dims.dModel(), in, (float) (1 / Math.sqrt(2.0 * dims.layers() * in)));
    }

    private Linear linear(int out, int in, float size) {
        return new Linear(normal(size, out, in), layerNorm ? normal(BIAS_SPREAD, out) : null);
    }

    private NormWeights norm() {
        return new NormWeights(gain(dims.dModel()), layerNorm ? normal(BIAS_SPREAD, dims.dModel()) : null);
    }

    private NDArray gain(int width) {
        return normal(GAIN_SPREAD, width).addi(1);
    }

    private NDArray normal(float size, long... shape) {
        return manager.randomNormal(0, size, new Shape(shape), DataType.FLOAT32);
    }

    private boolean postNorm() {
        return config.block().arrangement() == Arrangement.POST_NORM;
    }
}
