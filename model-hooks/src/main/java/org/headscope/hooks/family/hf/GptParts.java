package org.headscope.hooks.family.hf;

import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.UnembedWeights;
import org.jspecify.annotations.Nullable;

/** What the older decoders share: embeddings, blocks in a row, a LayerNorm and an unembedding. */
record GptParts(TensorScope file, TensorScope model, ModelConfig config) {
    /** Token embeddings with or without learned positions, {@code rows} of them. */
    EmbedWeights embed(String tokens, @Nullable String positions, long rows) {
        Dims dims = config.dims();
        return new EmbedWeights(
                model.load(tokens + ".weight", dims.vocab(), dims.dModel()),
                positions == null ? null : model.load(positions + ".weight", rows, dims.dModel()),
                null,
                null,
                null);
    }

    /** A final LayerNorm and an unembedding named {@code head}. */
    UnembedWeights unembed(EmbedWeights embed, String finalNorm, String head, Bias bias) {
        return new UnembedWeights(
                model.layerNorm(finalNorm, config.dims().dModel()),
                null,
                null,
                null,
                Heads.named(file, head, config, embed, bias));
    }

    /** Separate projections of full width named {@code q_proj} .. {@code v_proj}, {@code out_proj}. */
    AttentionWeights attention(TensorScope attention, Bias qkv, Bias out) {
        Dims dims = config.dims();
        long width = (long) dims.heads() * dims.dHead();
        return new AttentionWeights(
                attention.linear("q_proj", width, dims.dModel(), qkv),
                attention.linear("k_proj", width, dims.dModel(), qkv),
                attention.linear("v_proj", width, dims.dModel(), qkv),
                attention.linear("out_proj", dims.dModel(), width, out),
                AttentionWeights.Extras.NONE);
    }

    /** {@code query_key_value} grouped by head, and {@code dense}. */
    AttentionWeights fusedAttention(TensorScope attention, Bias bias) {
        Dims dims = config.dims();
        return FusedQkv.groupedByHead(
                attention.linear("query_key_value", FusedQkv.width(dims), dims.dModel(), bias),
                attention.linear("dense", dims.dModel(), (long) dims.heads() * dims.dHead(), bias),
                dims);
    }

    /** {@code second(act(first(x)))}. */
    MlpWeights mlp(TensorScope block, String first, String second, Bias bias) {
        Dims dims = config.dims();
        return new MlpWeights.Plain(
                block.linear(first, dims.dMlp(), dims.dModel(), bias),
                block.linear(second, dims.dModel(), dims.dMlp(), bias));
    }

    /** LayerNorms in front of both parts. */
    BlockWeights.Norms norms(TensorScope block, String first, String second) {
        return BlockNorms.layer(block, first, second, config.dims().dModel());
    }
}
