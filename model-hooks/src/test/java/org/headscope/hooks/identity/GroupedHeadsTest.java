package org.headscope.hooks.identity;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.stream.Stream;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.AttentionSpec.QkNorm;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.Acts;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.ModelWeights;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Grouped heads are ordinary heads of which some happen to have equal keys and values. */
@Tag("engine")
class GroupedHeadsTest {
    /** Those with fewer key-value heads than heads; others have nothing to expand. */
    static Stream<String> grouped() {
        return Stream.concat(
                Stream.of("falcon", "llama", "mistral", "starcoder2", "qwen3", "olmo2", "gemma2")
                        .map("random "::concat),
                Stream.of(("falcon falcon_new llama llama3_rope mistral qwen2 qwen3 gemma2 gemma3 phi3 olmo2 stablelm"
                                        + " starcoder2")
                                .split(" "))
                        .map("tiny "::concat));
    }

    @ParameterizedTest
    @MethodSource("grouped")
    void keysAndValuesRepeatedForEveryHeadGiveTheSameHeadsAndLogits(String name) {
        try (Subject subject = Subject.open(name);
                NDManager manager = Engines.newManager();
                HookedTransformer expanded = expanded(subject.model(), manager)) {
            TokenBatch prompts = subject.prompts(8);
            assertThat(subject.model().config().dims().group()).isGreaterThan(1);

            assertThat(Acts.logits(expanded, prompts).distance(Acts.logits(subject.model(), prompts)))
                    .isLessThan(Subject.TOLERANCE);
            for (int l = 0; l < subject.layers(); l++) {
                Acts z = new Subject("expanded", expanded).at(SiteKind.Z, l, prompts);
                assertThat(z.distance(subject.at(SiteKind.Z, l, prompts)))
                        .as("layer %d", l)
                        .isLessThan(Subject.TOLERANCE);
            }
        }
    }

    private static HookedTransformer expanded(HookedTransformer model, NDManager manager) {
        ModelConfig c = model.config();
        Dims d = c.dims();
        Dims dims = new Dims(d.layers(), d.heads(), d.heads(), d.dModel(), d.dHead(), d.dMlp(), d.context(), d.vocab());
        ModelConfig config =
                new ModelConfig(c.family(), dims, c.embed(), c.attention(), c.block(), c.mlp(), c.unembed());
        ModelWeights weights = new ModelWeights(
                model.weights().embed(),
                model.weights().blocks().stream()
                        .map(block -> new BlockWeights(attention(block.attention(), c), block.mlp(), block.norms()))
                        .toList(),
                model.weights().unembed());
        return new HookedTransformer(config, weights, manager.newSubManager());
    }

    private static AttentionWeights attention(AttentionWeights w, ModelConfig config) {
        boolean wide = config.attention().qkNorm() == QkNorm.FULL_WIDTH;
        var extras = new AttentionWeights.Extras(
                w.extras().qNorm(),
                wide ? repeated(w.extras().kNorm(), config.dims()) : w.extras().kNorm(),
                w.extras().sinks());
        return new AttentionWeights(
                w.q(), repeated(w.k(), config.dims()), repeated(w.v(), config.dims()), w.o(), extras);
    }

    private static Linear repeated(Linear linear, Dims dims) {
        return new Linear(
                java.util.Objects.requireNonNull(repeated(linear.weight(), dims)), repeated(linear.bias(), dims));
    }

    /** {@code [kv_heads * d_head, ..]} to {@code [heads * d_head, ..]}, each group's rows as often as it has heads. */
    private static @Nullable NDArray repeated(@Nullable NDArray rows, Dims dims) {
        if (rows == null) {
            return null;
        }
        long size = rows.size();
        Shape shape = rows.getShape();
        NDArray heads =
                rows.reshape(new Shape(dims.kvHeads(), size / dims.kvHeads())).repeat(0, dims.group());
        return shape.dimension() == 1
                ? heads.reshape(new Shape(shape.get(0) * dims.group()))
                : heads.reshape(new Shape(shape.get(0) * dims.group(), shape.get(1)));
    }
}
