package org.headscope.hooks.family.hf;

import ai.djl.ndarray.NDArray;
import java.util.function.Function;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.ModelWeights;
import org.headscope.hooks.weights.NormWeights;
import org.headscope.hooks.weights.UnembedWeights;

/** The tensor names that Llama introduced and most later families kept. */
final class LlamaParts {
    private final TensorScope file;
    private final TensorScope model;
    private final ModelConfig config;
    private final Dims dims;

    LlamaParts(TensorSource tensors, ModelConfig config) {
        this.file = TensorScope.root(tensors);
        this.model = TensorScope.below(tensors, "model.");
        this.config = config;
        this.dims = config.dims();
    }

    /** The whole model, given how a block is read and the final norm. */
    ModelWeights model(Function<TensorScope, BlockWeights> block, Function<TensorScope, NormWeights> finalNorm) {
        return model(block, finalNorm, Bias.NO);
    }

    /** The same with a bias on the unembedding. */
    ModelWeights model(
            Function<TensorScope, BlockWeights> block, Function<TensorScope, NormWeights> finalNorm, Bias headBias) {
        EmbedWeights embed = new EmbedWeights(
                model.load("embed_tokens.weight", dims.vocab(), dims.dModel()), null, null, null, null);
        return new ModelWeights(
                embed,
                Layers.read(model.in("layers"), dims, block),
                new UnembedWeights(finalNorm.apply(model), null, null, null, Heads.lm(file, config, embed, headBias)));
    }

    /** Separate projections named {@code q_proj} .. {@code v_proj} and one of two names for the output. */
    AttentionWeights attention(TensorScope attention, String out, Bias qkv, Bias o) {
        return new AttentionWeights(
                attention.linear("q_proj", (long) dims.heads() * dims.dHead(), dims.dModel(), qkv),
                attention.linear("k_proj", (long) dims.kvHeads() * dims.dHead(), dims.dModel(), qkv),
                attention.linear("v_proj", (long) dims.kvHeads() * dims.dHead(), dims.dModel(), qkv),
                out(attention, out, o),
                AttentionWeights.Extras.NONE);
    }

    /** The usual names, and whether all or none of the projections have a bias. */
    AttentionWeights attention(TensorScope block, Bias bias) {
        return attention(block.in("self_attn"), "o_proj", bias, bias);
    }

    /** The same attention with gains for normalised queries and keys. */
    AttentionWeights normed(AttentionWeights plain, NDArray qNorm, NDArray kNorm) {
        return new AttentionWeights(
                plain.q(), plain.k(), plain.v(), plain.o(), new AttentionWeights.Extras(qNorm, kNorm, null));
    }

    /** The output projection. */
    Linear out(TensorScope attention, String name, Bias bias) {
        return attention.linear(name, dims.dModel(), (long) dims.heads() * dims.dHead(), bias);
    }

    /** {@code down(act(gate(x)) * up(x))}. */
    MlpWeights gatedMlp(TensorScope block, Bias bias) {
        TensorScope mlp = block.in("mlp");
        return new MlpWeights.Gated(
                mlp.linear("gate_proj", dims.dMlp(), dims.dModel(), bias),
                mlp.linear("up_proj", dims.dMlp(), dims.dModel(), bias),
                mlp.linear("down_proj", dims.dModel(), dims.dMlp(), bias));
    }

    /** {@code second(act(first(x)))}, both with bias unless told otherwise. */
    MlpWeights plainMlp(TensorScope block, String first, String second, Bias bias) {
        TensorScope mlp = block.in("mlp");
        return new MlpWeights.Plain(
                mlp.linear(first, dims.dMlp(), dims.dModel(), bias),
                mlp.linear(second, dims.dModel(), dims.dMlp(), bias));
    }

    /** RMSNorms in front of both parts. */
    BlockWeights.Norms rmsNorms(TensorScope block) {
        return BlockNorms.two(
                block.rmsNorm("input_layernorm", dims.dModel()),
                block.rmsNorm("post_attention_layernorm", dims.dModel()));
    }

    /** LayerNorms in front of both parts. */
    BlockWeights.Norms layerNorms(TensorScope block) {
        return BlockNorms.layer(block, "input_layernorm", "post_attention_layernorm", dims.dModel());
    }
}
