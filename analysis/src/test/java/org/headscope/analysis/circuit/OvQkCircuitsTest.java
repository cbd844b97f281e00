package org.headscope.analysis.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.circuit.OvQkCircuits.Parameters;
import org.headscope.analysis.circuit.TokenStreams.Embedding;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.EmbedSpec;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.config.RopeSpec;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class OvQkCircuitsTest {
    private static final Dims DIMS = new Dims(2, 4, 2, 16, 6, 24, 16, 31);
    private static final ModelConfig LLAMA = RandomModel.llama(DIMS);
    private static final ModelConfig GPT2 = RandomModel.gpt2(DIMS);

    static Stream<ModelConfig> models() {
        return Stream.of(GPT2, LLAMA, neox());
    }

    /** LayerNorm, parallel blocks, a third of each head rotated, in pairs of neighbours. */
    private static ModelConfig neox() {
        RopeSpec rope = new RopeSpec(List.of(0.7), true, 1);
        ModelConfig c = with(
                GPT2,
                rope,
                new BlockSpec(BlockSpec.Arrangement.PARALLEL, GPT2.block().norm()));
        var embed = new EmbedSpec(1, EmbedSpec.Positions.IN_ATTENTION, 0, 0);
        return new ModelConfig("gpt_neox", c.dims(), embed, c.attention(), c.block(), c.mlp(), c.unembed());
    }

    private static ModelConfig with(ModelConfig c, @Nullable RopeSpec rope, BlockSpec block) {
        LayerAttention layer = new LayerAttention(1 / Math.sqrt(DIMS.dHead()), 0, rope);
        var attention = new AttentionSpec(
                true,
                Collections.nCopies(DIMS.layers(), layer),
                AttentionSpec.QkNorm.NONE,
                null,
                AttentionSpec.Alibi.NONE);
        return new ModelConfig(c.family(), c.dims(), c.embed(), attention, block, c.mlp(), c.unembed());
    }

    @ParameterizedTest
    @MethodSource("models")
    void theRowOfOvIsThatOfTheWholeMatrix(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 5)) {
            double[][] whole = new FullWeights(model).tokensToLogits(1, 2);

            double[] row = reading(model, 7, Embedding.TOKEN).ov();

            for (int id = 0; id < 31; id++) {
                assertThat(row[id]).isCloseTo(whole[id][7], within(1e-6));
            }
        }
    }

    /**
     * A model without norms and biases, in which attention scores are the circuit itself: layer 0 reads the embeddings as
     * they are. The scores of a real run, at every offset, against rows and columns of the circuit.
     */
    @Test
    void scoresOfARealRunAreThoseOfTheCircuitAtTheirOffset() {
        for (boolean interleaved : new boolean[] {false, true}) {
            RopeSpec rope = new RopeSpec(List.of(0.9, 0.3), interleaved, 1.2);
            ModelConfig config = with(
                    LLAMA, rope, new BlockSpec(BlockSpec.Arrangement.SEQUENTIAL, new NormSpec(NormSpec.Kind.NONE, 0)));
            int[] ids = {3, 8, 21, 5, 13};
            try (HookedTransformer model = RandomModel.of(config, 5);
                    RunResult run = model.run(RunRequest.of(TokenBatch.of(ids))
                            .capture(HookSite.of(SiteKind.ATTN_SCORES, 0))
                            .build())) {
                var scores = run.cache().get(HookSite.of(SiteKind.ATTN_SCORES, 0));
                LayerAttention attention = config.attention().layers().get(0);
                for (int s = 0; s < 4; s++) {
                    double expected = scores.getFloat(0, 3, 4, s);
                    assertThat(reading(model, ids[4], Embedding.TOKEN, 0, 3).keys(attention, 4 - s)[ids[s]])
                            .isCloseTo(expected, within(1e-5));
                    assertThat(reading(model, ids[s], Embedding.TOKEN, 0, 3).queries(attention, 4 - s)[ids[4]])
                            .isCloseTo(expected, within(1e-5));
                }
            }
        }
    }

    @Test
    void theEnrichedEmbeddingIsTheEmbeddingAndWhatTheFirstMlpMakesOfIt() {
        for (ModelConfig config : List.of(LLAMA, neox())) {
            try (HookedTransformer model = RandomModel.of(config, 5)) {
                Matrix rows = new TokenStreams(model, Embedding.MLP0).rows(4, 6);

                // A real run in which attention of layer 0 adds nothing.
                HookSite attention = HookSite.of(SiteKind.ATTN_OUT, 0);
                HookSite behind = HookSite.of(SiteKind.RESID_POST, 0);
                try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[] {5}))
                        .hook("off", attention, (value, point) -> value.zerosLike())
                        .capture(behind)
                        .build())) {
                    float[] real = run.cache().get(behind).toFloatArray();
                    for (int i = 0; i < real.length; i++) {
                        assertThat(rows.at(1, i)).isCloseTo(real[i], within(1e-5));
                    }
                }
            }
        }
    }

    @Test
    void positionEmbeddingsAreLeftOutOfTheStreamOfAToken() {
        try (HookedTransformer model = RandomModel.of(GPT2, 5)) {
            Matrix rows = new TokenStreams(model, Embedding.TOKEN).rows(0, 31);

            float[] table = model.weights().embed().tokens().toFloatArray();
            double[] expected =
                    IntStream.range(0, table.length).mapToDouble(i -> table[i]).toArray();
            assertThat(rows.toArray()).containsExactly(expected, within(1e-7));
        }
    }

    @Test
    void theInductionHeadCopiesWhatItAttendsTo() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = new OvQkCircuits()
                    .run(IdContexts.of(model), new Parameters(prompt(8), 1, 2, 1, Embedding.TOKEN, 3), Progress.none());

            List<Object> first = ((Table) found.panels().get(0)).rows().get(0);
            assertThat(first.subList(0, 5)).containsExactly("OV: raised when attended to", "most", 1L, 8L, "t8");
            assertThat((double) first.get(5)).isCloseTo(InductionModel.LOGIT, within(1e-5));
            List<Object> itself = ((Table) found.panels().get(1)).rows().get(0);
            assertThat(itself.get(2)).isEqualTo(1L);
        }
    }

    @Test
    void whatDoesNotExistIsRefused() {
        try (HookedTransformer model = InductionModel.create()) {
            assertThatThrownBy(() -> run(model, prompt(32), 1, 2, Embedding.TOKEN))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("0 to 31");
            assertThatThrownBy(() -> run(model, prompt(8), 2, 2, Embedding.TOKEN))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("0 to 1");
            assertThatThrownBy(() -> run(model, prompt(8), 1, 2, Embedding.MLP0))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("no MLP");
        }
    }

    @Test
    void postNormModelsAreRefused() {
        ModelConfig config = with(
                GPT2,
                null,
                new BlockSpec(BlockSpec.Arrangement.POST_NORM, GPT2.block().norm()));
        try (HookedTransformer model = RandomModel.of(config, 5)) {
            assertThatThrownBy(() -> run(model, prompt(8), 1, 2, Embedding.TOKEN))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("does not apply");
        }
    }

    /** Embeddings and unembedding of the shipped model are the same table, so that a copying head shows at once. */
    @Test
    void theMoverOfTheShippedModelRaisesTheNameItAttendsTo() {
        Path folder = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
        try (HookedTransformer model = ModelLoader.load(folder)) {
            int before = model.ownedResources();
            Findings found = run(model, prompt(300), 5, 3, Embedding.MLP0);

            assertThat(((Table) found.panels().get(0)).rows()).hasSize(60);
            assertThat(((Table) found.panels().get(1)).rows()).hasSize(3);
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Findings run(HookedTransformer model, Prompt token, int layer, int head, Embedding embedding) {
        return new OvQkCircuits()
                .run(IdContexts.of(model), new Parameters(token, layer, head, 1, embedding, 10), Progress.none());
    }

    private static OvQkCircuits.Reading reading(HookedTransformer model, int token, Embedding embedding) {
        return reading(model, token, embedding, 1, 2);
    }

    private static OvQkCircuits.Reading reading(
            HookedTransformer model, int token, Embedding embedding, int layer, int head) {
        HeadFactors factors = HeadReader.of(model, "Test").layer(layer).get(head);
        return new OvQkCircuits.Reading(model, new TokenStreams(model, embedding), factors, token);
    }
}
