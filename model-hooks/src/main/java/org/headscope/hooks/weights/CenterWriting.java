package org.headscope.hooks.weights;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.jspecify.annotations.Nullable;

/** Subtracts the mean over d_model from everything that is added to a residual stream which only LayerNorms read. */
final class CenterWriting implements ProcessingStep.Rule {
    @Override
    public @Nullable String obstacle(ModelConfig config, ModelWeights weights) {
        return switch (config.block().norm().kind()) {
            case NONE -> "it has no norms, so the mean of the residual stream matters.";
            case RMS -> "RMSNorm does not remove the mean of the residual stream.";
            case LAYER ->
                onlyNormsRead(config, weights) ? null : "parts of it read the residual stream without a norm.";
        };
    }

    private static boolean onlyNormsRead(ModelConfig config, ModelWeights weights) {
        boolean hasMlp = config.block().hasMlp();
        return config.block().arrangement() != Arrangement.POST_NORM
                && config.block().norm().kind() == NormSpec.Kind.LAYER
                && weights.unembed().finalNorm() != null
                && weights.blocks().stream()
                        .map(BlockWeights::norms)
                        .allMatch(norms -> norms.ln1() != null && (!hasMlp || norms.ln2() != null));
    }

    @Override
    public ModelWeights apply(ModelConfig config, ModelWeights weights) {
        List<BlockWeights> blocks =
                weights.blocks().stream().map(CenterWriting::block).toList();
        return new ModelWeights(embed(weights.embed()), blocks, weights.unembed());
    }

    /** Embeddings with a norm of their own keep their mean: that norm takes it out and puts in another. */
    private static EmbedWeights embed(EmbedWeights embed) {
        if (embed.norm() != null) {
            return embed;
        }
        Linear project = embed.project();
        return new EmbedWeights(
                project == null ? rows(embed.tokens()) : embed.tokens(),
                embed.positions() == null ? null : rows(embed.positions()),
                embed.tokenTypes() == null ? null : rows(embed.tokenTypes()),
                null,
                project == null ? null : output(project));
    }

    private static BlockWeights block(BlockWeights block) {
        AttentionWeights a = block.attention();
        MlpWeights mlp = block.mlp();
        return new BlockWeights(
                new AttentionWeights(a.q(), a.k(), a.v(), output(a.o()), a.extras()),
                mlp == null ? null : mlp(mlp),
                block.norms());
    }

    private static MlpWeights mlp(MlpWeights mlp) {
        if (mlp instanceof MlpWeights.Gated gated) {
            return new MlpWeights.Gated(gated.gate(), gated.in(), output(gated.out()));
        }
        MlpWeights.Plain plain = (MlpWeights.Plain) mlp;
        return new MlpWeights.Plain(plain.in(), output(plain.out()));
    }

    private static NDArray rows(NDArray table) {
        return table.sub(table.mean(new int[] {1}, true));
    }

    /** Centres what a map gives, {@code weight} being {@code [d_model, in]}. */
    private static Linear output(Linear linear) {
        NDArray weight = linear.weight();
        NDArray bias = linear.bias();
        return new Linear(weight.sub(weight.mean(new int[] {0}, true)), bias == null ? null : centred(bias));
    }

    static NDArray centred(NDArray bias) {
        return bias.sub(bias.mean());
    }
}
