package org.headscope.hooks.weights;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.jspecify.annotations.Nullable;

/** {@code W (x * w + b) = (W diag w) x + W b}; behind a LayerNorm, where {@code x} has mean 0, rows may be centred too. */
final class FoldNorms implements ProcessingStep.Rule {
    private static final NormWeights FOLDED = new NormWeights(null, null);

    @Override
    public @Nullable String obstacle(ModelConfig config, ModelWeights weights) {
        if (config.block().norm().kind() == NormSpec.Kind.NONE) {
            return "it has no norms.";
        }
        boolean inFront = config.block().arrangement() != Arrangement.POST_NORM
                && weights.blocks().stream().allMatch(block -> block.norms().ln1() != null);
        return inFront ? null : "its norms stand behind attention and MLP, where no weight reads from them alone.";
    }

    @Override
    public ModelWeights apply(ModelConfig config, ModelWeights weights) {
        boolean centre = config.block().norm().kind() == NormSpec.Kind.LAYER;
        List<BlockWeights> blocks =
                weights.blocks().stream().map(block -> block(block, centre)).toList();
        return new ModelWeights(weights.embed(), blocks, unembed(weights.unembed(), centre));
    }

    private static BlockWeights block(BlockWeights block, boolean centre) {
        BlockWeights.Norms norms = block.norms();
        AttentionWeights a = block.attention();
        NormWeights ln1 = norms.ln1();
        AttentionWeights attention = new AttentionWeights(
                fold(a.q(), ln1, centre), fold(a.k(), ln1, centre), fold(a.v(), ln1, centre), a.o(), a.extras());
        MlpWeights mlp = block.mlp();
        return new BlockWeights(
                attention,
                mlp == null ? null : mlp(mlp, norms.ln2(), centre),
                new BlockWeights.Norms(folded(ln1), folded(norms.ln2()), norms.ln1Post(), norms.ln2Post()));
    }

    private static MlpWeights mlp(MlpWeights mlp, @Nullable NormWeights ln2, boolean centre) {
        if (mlp instanceof MlpWeights.Gated gated) {
            return new MlpWeights.Gated(fold(gated.gate(), ln2, centre), fold(gated.in(), ln2, centre), gated.out());
        }
        MlpWeights.Plain plain = (MlpWeights.Plain) mlp;
        return new MlpWeights.Plain(fold(plain.in(), ln2, centre), plain.out());
    }

    /** The final norm is read by whichever map comes first behind it. */
    private static UnembedWeights unembed(UnembedWeights u, boolean centre) {
        NormWeights norm = u.finalNorm();
        Linear project = u.project();
        Linear dense = u.dense();
        if (project != null) {
            return new UnembedWeights(folded(norm), fold(project, norm, centre), dense, u.denseNorm(), u.unembed());
        }
        if (dense != null) {
            return new UnembedWeights(folded(norm), null, fold(dense, norm, centre), u.denseNorm(), u.unembed());
        }
        return new UnembedWeights(folded(norm), null, null, null, fold(u.unembed(), norm, centre));
    }

    private static @Nullable NormWeights folded(@Nullable NormWeights norm) {
        return norm == null ? null : FOLDED;
    }

    private static Linear fold(Linear linear, @Nullable NormWeights norm, boolean centre) {
        if (norm == null) {
            return linear;
        }
        NDArray bias = bias(linear, norm);
        NDArray weight =
                norm.weight() == null ? linear.weight() : linear.weight().mul(norm.weight());
        return new Linear(centre ? weight.sub(weight.mean(new int[] {1}, true)) : weight, bias);
    }

    private static @Nullable NDArray bias(Linear linear, NormWeights norm) {
        NDArray shift = norm.bias();
        NDArray own = linear.bias();
        if (shift == null) {
            return own;
        }
        NDArray more = linear.weight().matMul(shift.reshape(-1, 1)).reshape(-1);
        return own == null ? more : own.add(more);
    }
}
