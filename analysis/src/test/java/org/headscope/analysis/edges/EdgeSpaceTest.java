package org.headscope.analysis.edges;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.TinyReference;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("engine")
class EdgeSpaceTest {
    private static final Dims GROUPED = new Dims(2, 4, 2, 16, 4, 24, 24, 30);

    @Test
    void keysAndValuesHaveAsManyReadersAsThereAreKeyValueHeads() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(GROUPED), 1)) {
            EdgeSpace space = EdgeSpace.of(model);

            assertThat(space.writers())
                    .extracting(EdgeSpace.Writer::id)
                    .containsExactly(
                            "input", "a0.h0", "a0.h1", "a0.h2", "a0.h3", "m0", "a1.h0", "a1.h1", "a1.h2", "a1.h3",
                            "m1");
            // Layer 0: 8 readers of 1 writer, its MLP reads 5; layer 1: 8 readers of 6, its MLP reads 10; the logits
            // 11.
            assertThat(space.size()).isEqualTo(8 + 5 + 48 + 10 + 11);
            assertThat(space.name(EdgeTests.find(space, "m0->a1.kv1<k>"))).isEqualTo("m0->a1.kv1<k>");
            EdgeSpace.Edge edge = space.edge(EdgeTests.find(space, "m0->a1.kv1<k>"));
            assertThat(edge.children())
                    .extracting(child -> space.writers().get(child).id())
                    .containsExactly("a1.h2", "a1.h3");
        }
    }

    @Test
    void withoutGroupsReadersAreNamedAsTheProgramOfThePaperDoes() {
        try (HookedTransformer model = InductionModel.create()) {
            EdgeSpace space = EdgeSpace.of(model);

            assertThat(space.size()).isEqualTo(12 + 12 * 5 + 9);
            assertThat(space.find("a0.h1->a1.h2<k>")).isNotNull();
            assertThat(space.find("a0.h1->logits")).isNotNull();
            assertThat(space.find("a1.h1->a1.h2<k>")).as("heads of one layer").isNull();
            assertThat(space.find("m0->logits")).as("no MLPs").isNull();
        }
    }

    @Test
    void inAParallelBlockTheMlpDoesNotReadTheHeadsBesideIt() {
        try (HookedTransformer model = arranged(BlockSpec.Arrangement.PARALLEL)) {
            assertThat(EdgeSpace.of(model).find("a1.h0->m1")).isNull();
            assertThat(EdgeSpace.of(model).find("a0.h0->m1")).isNotNull();
        }
        try (HookedTransformer model = arranged(BlockSpec.Arrangement.SEQUENTIAL)) {
            assertThat(EdgeSpace.of(model).find("a1.h0->m1")).isNotNull();
        }
    }

    @Test
    void postNormModelsAreRefusedWithTheReason() {
        try (HookedTransformer model = arranged(BlockSpec.Arrangement.POST_NORM)) {
            assertThatThrownBy(() -> EdgeSpace.of(model))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("after every addition");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemma2", "olmo2"})
    void modelsThatNormaliseWhatPartsWriteAreRefused(String family) {
        TinyReference reference = TinyReference.of(family);
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            assertThatThrownBy(() -> EdgeSpace.of(model))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("heads do not add up one by one");
        }
    }

    private static HookedTransformer arranged(BlockSpec.Arrangement arrangement) {
        ModelConfig c = RandomModel.gpt2(new Dims(2, 4, 4, 16, 4, 24, 24, 30));
        BlockSpec block = new BlockSpec(arrangement, c.block().norm());
        return RandomModel.of(
                new ModelConfig(c.family(), c.dims(), c.embed(), c.attention(), block, c.mlp(), c.unembed()), 11);
    }

    @Test
    void everyEdgeIsFoundByItsNumberAndItsName() {
        try (HookedTransformer model = arranged(BlockSpec.Arrangement.SEQUENTIAL)) {
            EdgeSpace space = EdgeSpace.of(model);
            List<String> names =
                    IntStream.range(0, space.size()).mapToObj(space::name).toList();

            assertThat(names).doesNotHaveDuplicates();
            assertThat(space.find(names.get(77))).isEqualTo(77);
        }
    }
}
