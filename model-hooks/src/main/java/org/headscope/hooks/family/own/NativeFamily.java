package org.headscope.hooks.family.own;

import ai.djl.ndarray.NDArray;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.EmbedSpec.Positions;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.HfConfig;
import org.headscope.hooks.family.TensorSource;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.ModelWeights;
import org.headscope.hooks.weights.NormWeights;
import org.headscope.hooks.weights.UnembedWeights;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link NativeModelWriter} writes: hand-built models, and models of any family after their weights were
 * processed. Parts that a model may lack (biases, norms) are read where they exist; with the list of tensors in
 * {@code config.json} a part that got lost is an error.
 */
public final class NativeFamily implements FamilyAdapter {
    @Override
    public Set<String> modelTypes() {
        return Set.of(NativeConfig.MODEL_TYPE);
    }

    @Override
    public ModelConfig config(JsonNode config) {
        return NativeConfig.read(config);
    }

    @Override
    public ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors) {
        Set<String> promised =
                new HashSet<>(HfConfig.of(raw).texts(NativeConfig.TENSORS).orElse(List.of()));
        promised.addAll(tensors.names());
        return new Reader(config, tensors, promised).model();
    }

    /**
     * Puts the parts together.
     *
     * @param config what they must fit
     * @param tensors where they are
     * @param promised the names of all tensors that exist or should
     */
    private record Reader(ModelConfig config, TensorSource tensors, Set<String> promised) {
        ModelWeights model() {
            EmbedWeights embed = embed();
            List<BlockWeights> blocks = new ArrayList<>();
            for (int layer = 0; layer < config.dims().layers(); layer++) {
                blocks.add(block(Names.block(layer)));
            }
            return new ModelWeights(embed, blocks, unembed(embed));
        }

        private EmbedWeights embed() {
            Dims dims = config.dims();
            NDArray tokens = tensors.load(Names.W_E, dims.vocab(), -1);
            boolean learned = config.embed().positions() != Positions.IN_ATTENTION;
            long rows = (long) dims.context() + config.embed().positionOffset();
            return new EmbedWeights(
                    tokens,
                    learned ? tensors.load(Names.W_POS, rows, dims.dModel()) : null,
                    optional(Names.W_TYPE, -1, dims.dModel()),
                    norm(Names.EMBED_NORM, dims.dModel()),
                    affine(Names.EMBED_PROJECT, dims.dModel(), tokens.getShape().get(1)));
        }

        private BlockWeights block(String prefix) {
            long width = config.dims().dModel();
            NormWeights ln1 = norm(prefix + "ln1", width);
            NormWeights ln2 = norm(prefix + "ln2", width);
            boolean shared = ln2 == null && config.block().arrangement() == Arrangement.PARALLEL;
            return new BlockWeights(
                    attention(prefix),
                    config.block().hasMlp() ? mlp(prefix + "mlp") : null,
                    new BlockWeights.Norms(
                            ln1,
                            shared ? ln1 : ln2,
                            norm(prefix + "ln1_post", width),
                            norm(prefix + "ln2_post", width)));
        }

        private AttentionWeights attention(String prefix) {
            Dims dims = config.dims();
            String part = prefix + "attn";
            long queries = (long) dims.heads() * dims.dHead();
            long keys = (long) dims.kvHeads() * dims.dHead();
            return new AttentionWeights(
                    linear(part, "Q", queries, dims.dModel()),
                    linear(part, "K", keys, dims.dModel()),
                    linear(part, "V", keys, dims.dModel()),
                    linear(part, "O", dims.dModel(), queries),
                    extras(prefix));
        }

        private AttentionWeights.Extras extras(String prefix) {
            Dims dims = config.dims();
            NDArray sinks = optional(prefix + Names.SINKS, dims.heads());
            return switch (config.attention().qkNorm()) {
                case NONE -> new AttentionWeights.Extras(null, null, sinks);
                case PER_HEAD ->
                    new AttentionWeights.Extras(
                            tensors.load(prefix + Names.Q_NORM, dims.dHead()),
                            tensors.load(prefix + Names.K_NORM, dims.dHead()),
                            sinks);
                case FULL_WIDTH ->
                    new AttentionWeights.Extras(
                            tensors.load(prefix + Names.Q_NORM, (long) dims.heads() * dims.dHead()),
                            tensors.load(prefix + Names.K_NORM, (long) dims.kvHeads() * dims.dHead()),
                            sinks);
            };
        }

        private MlpWeights mlp(String part) {
            Dims dims = config.dims();
            Linear in = linear(part, "in", dims.dMlp(), dims.dModel());
            Linear out = linear(part, "out", dims.dModel(), dims.dMlp());
            return config.mlp().gated()
                    ? new MlpWeights.Gated(linear(part, "gate", dims.dMlp(), dims.dModel()), in, out)
                    : new MlpWeights.Plain(in, out);
        }

        private UnembedWeights unembed(EmbedWeights embed) {
            Dims dims = config.dims();
            long width = embed.tokens().getShape().get(1);
            NDArray matrix =
                    config.unembed().tied() ? embed.tokens() : tensors.load(Names.UNEMBED_MATRIX, dims.vocab(), -1);
            return new UnembedWeights(
                    norm(Names.FINAL_NORM, dims.dModel()),
                    affine(Names.UNEMBED_PROJECT, width, dims.dModel()),
                    affine(Names.UNEMBED_DENSE, dims.dModel(), dims.dModel()),
                    norm(Names.UNEMBED_NORM, dims.dModel()),
                    new Linear(matrix, optional(Names.UNEMBED_BIAS, dims.vocab())));
        }

        private Linear linear(String part, String role, long out, long in) {
            return new Linear(tensors.load(Names.weight(part, role), out, in), optional(Names.bias(part, role), out));
        }

        private @Nullable Linear affine(String name, long out, long in) {
            NDArray weight = optional(name + ".W", out, in);
            return weight == null ? null : new Linear(weight, optional(name + ".b", out));
        }

        private @Nullable NormWeights norm(String name, long width) {
            NDArray weight = optional(name + ".w", width);
            return weight == null ? null : new NormWeights(weight, optional(name + ".b", width));
        }

        private @Nullable NDArray optional(String name, long... shape) {
            return promised.contains(name) ? tensors.load(name, shape) : null;
        }
    }
}
