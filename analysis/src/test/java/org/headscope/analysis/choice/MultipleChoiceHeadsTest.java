package org.headscope.analysis.choice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.choice.MultipleChoiceHeads.Parameters;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.LabelModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.NormWeights;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class MultipleChoiceHeadsTest {
    private static final ModelConfig GPT2 = RandomModel.gpt2(new Dims(3, 4, 4, 16, 4, 24, 16, 31));
    private static final ModelConfig LLAMA = RandomModel.llama(new Dims(3, 4, 2, 16, 6, 24, 16, 31));

    static Stream<ModelConfig> models() {
        BlockSpec parallel =
                new BlockSpec(BlockSpec.Arrangement.PARALLEL, GPT2.block().norm());
        return Stream.of(
                GPT2,
                LLAMA,
                new ModelConfig(
                        GPT2.family(),
                        GPT2.dims(),
                        GPT2.embed(),
                        GPT2.attention(),
                        parallel,
                        GPT2.mlp(),
                        GPT2.unembed()));
    }

    @Test
    void theLabelHeadIsFoundSingledOutAndEnoughByItself() {
        try (HookedTransformer model = LabelModel.create()) {
            Findings found = MultipleChoiceHeads.of(
                    IdContexts.of(model),
                    Questions.draw(40, 1),
                    Questions.draw(20, 2),
                    new Parameters(0.8, 40, 20, 19),
                    Progress.none());

            List<Object> first = table(found, MultipleChoiceHeads.NODES).rows().get(0);
            assertThat(first.subList(0, 2)).containsExactly("0.1", true);
            assertThat(first.get(11)).isEqualTo("correct letter");
            assertThat(table(found, MultipleChoiceHeads.CHOICE).rows().get(0).get(0))
                    .isEqualTo(1L);
            double attention = ((HeadGrid) found.panels().get(1)).grid().at(0, LabelModel.HEAD);
            assertThat(attention).isGreaterThan(0.97);
            // 10 per attention, to the right label less the mean of the four.
            double others = Math.exp(0) / (Math.exp(6) + 3 + 2 + 1);
            assertThat((double) first.get(2)).isCloseTo(10 * (attention - others) * 0.75, within(0.02));
            for (int run = 2; run < 4; run++) {
                List<Object> row = table(found, NodeCheck.RUNS).rows().get(run);
                assertThat((double) row.get(1)).isEqualTo(1);
                assertThat((double) row.get(7)).isCloseTo(1, within(1e-5));
            }
            Table chance = table(found, NodeCheck.CHANCE + "direct");
            assertThat((double) chance.rows().get(0).get(1)).isCloseTo(0, within(1e-5));
            assertThat((double) chance.rows().get(0).get(2)).isCloseTo(1 / 20.0, within(1e-9));
        }
    }

    /**
     * What the direct path gives, by hand: the corrupt final stream, with what the parts wrote there exchanged for what they
     * wrote in the clean run, through the final norm and the unembedding.
     */
    @ParameterizedTest
    @MethodSource("models")
    void theDirectPathIsAnExchangeInTheFinalStream(ModelConfig config) {
        int[] clean = {3, 1, 4, 1, 5};
        int[] corrupt = {3, 1, 9, 1, 6};
        List<MaskUnit> units = List.of(MaskUnit.head(0, 3), MaskUnit.head(1, 2), MaskUnit.mlp(1));
        try (HookedTransformer model = RandomModel.of(config, 4);
                NodePatch patch =
                        new NodePatch(IdContexts.of(model), List.of(Questions.example(clean, corrupt, 2, 7)))) {
            double[] x = last(model, corrupt, HookSite.of(SiteKind.RESID_POST, 2), -1);
            for (MaskUnit unit : units) {
                HookSite site = unit.kind() == MaskUnit.Kind.HEAD
                        ? HookSite.of(SiteKind.RESULT, unit.layer())
                        : HookSite.of(SiteKind.MLP_OUT, unit.layer());
                double[] in = last(model, clean, site, unit.head());
                double[] out = last(model, corrupt, site, unit.head());
                for (int i = 0; i < x.length; i++) {
                    x[i] += in[i] - out[i];
                }
            }

            float[] direct = patch.patched(units, NodePatch.Path.DIRECT, new ArrayList<>());
            float[] total = patch.patched(units, NodePatch.Path.TOTAL, new ArrayList<>());

            double[] expected = logits(model, x);
            for (int id = 0; id < expected.length; id++) {
                assertThat((double) direct[id]).isCloseTo(expected[id], within(1e-4));
            }
            assertThat(IntStream.range(0, direct.length).mapToDouble(i -> Math.abs(direct[i] - total[i])))
                    .anyMatch(difference -> difference > 1e-3);
        }
    }

    private static double[] last(HookedTransformer model, int[] ids, HookSite site, int head) {
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(ids)).capture(site).build())) {
            int at = ids.length - 1;
            String index = head < 0 ? "0, " + at : "0, " + at + ", " + head;
            float[] row = run.cache().get(site).get(index).toFloatArray();
            return IntStream.range(0, row.length).mapToDouble(i -> row[i]).toArray();
        }
    }

    private static double[] logits(HookedTransformer model, double[] x) {
        NormWeights norm = Objects.requireNonNull(model.weights().unembed().finalNorm());
        float[] gain = Objects.requireNonNull(norm.weight()).toFloatArray();
        float[] bias =
                norm.bias() == null ? new float[gain.length] : norm.bias().toFloatArray();
        NormSpec spec = model.config().block().norm();
        double mean = spec.kind() == NormSpec.Kind.LAYER
                ? IntStream.range(0, x.length).mapToDouble(i -> x[i]).average().orElseThrow()
                : 0;
        double square = IntStream.range(0, x.length)
                .mapToDouble(i -> (x[i] - mean) * (x[i] - mean))
                .average()
                .orElseThrow();
        float[] u = model.weights().unembed().unembed().weight().toFloatArray();
        double[] logits = new double[u.length / x.length];
        for (int i = 0; i < u.length; i++) {
            int d = i % x.length;
            logits[i / x.length] += u[i] * ((x[d] - mean) / Math.sqrt(square + spec.eps()) * gain[d] + bias[d]);
        }
        return logits;
    }

    @Test
    void headsAreNamedByWhereTheyLook() {
        assertThat(gaze(0.8, 0.2, 0, 0.1, 0)).isEqualTo("correct letter");
        assertThat(gaze(0.2, 0.2, 0, 0.1, 0)).isEqualTo("uniform over letters");
        assertThat(gaze(0, 0.02, 0.5, 0.2, 0.1)).isEqualTo("gathers the right content");
        assertThat(gaze(0, 0.02, 0.1, 0.2, 0.1)).isEqualTo("looks at contents");
        assertThat(gaze(0, 0.02, 0, 0.02, 0.6)).isEqualTo("amplification");
        assertThat(gaze(0, 0.02, 0, 0.02, 0.1)).isEqualTo("other");
        double[] first = {0.7, 0.05, 0, 0};
        double[] even = {0.02, 0.02, 0.02, 0.02};
        assertThat(new Gaze(0.2, first, 0, even, 0).kind()).isEqualTo("constant letter");
        assertThat(new Gaze(0, even, 0.2, first, 0).kind()).isEqualTo("constant content");
    }

    private static String gaze(double right, double eachLabel, double rightContent, double eachContent, double end) {
        double[] labels = {eachLabel, eachLabel, eachLabel, eachLabel};
        double[] contents = {eachContent, eachContent, eachContent, eachContent};
        return new Gaze(right, labels, rightContent, contents, end).kind();
    }

    @Test
    void optionsLieBetweenLabels() {
        int[] ids = {9, 0, 20, 21, 1, 22, 2, 23, 3, 24, 25, 30, 31};
        int[] other = {9, 0, 26, 27, 1, 22, 2, 23, 3, 28, 29, 30, 31};
        List<EncodedExample> examples =
                List.of(Questions.example(ids, ids, 2, 1), Questions.example(other, other, 0, 1));

        ChoicePrompt prompt = ChoicePrompt.of(examples, List.of(0, 1, 2, 3)).get(0);

        assertThat(prompt.right()).isEqualTo(2);
        assertThat(prompt.positions()).containsExactly(1, 4, 6, 8);
        assertThat(prompt.contents()).containsExactly(List.of(2, 3), List.of(5), List.of(7), List.of(9, 10));
    }

    @Test
    void aPromptWithoutItsLabelsIsRefused() {
        List<EncodedExample> examples = List.of(Questions.example(new int[] {1, 2}, new int[] {2, 1}, 1, 2));

        assertThatThrownBy(() -> ChoicePrompt.of(examples, List.of(1, 2, 3)))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("token id 3");
    }

    /** Choice on training questions, report on held-out ones, and nothing left in memory. */
    @Test
    void theShippedModelsNodesBringBackMoreThanRandomOnes() {
        Path folder = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
        try (HookedTransformer model = ModelLoader.load(folder)) {
            Findings found = new MultipleChoiceHeads()
                    .run(IdContexts.withBos(model, 0), new Parameters(0.8, 24, 12, 4), Progress.none());
            int before = model.ownedResources();
            new MultipleChoiceHeads().run(IdContexts.withBos(model, 0), new Parameters(0.8, 4, 2, 1), Progress.none());

            List<List<Object>> runs = table(found, NodeCheck.RUNS).rows();
            assertThat((double) runs.get(0).get(1)).isGreaterThan(0.9);
            assertThat((double) runs.get(1).get(1)).isLessThan(0.1);
            Table chance = table(found, NodeCheck.CHANCE + "total");
            assertThat((double) chance.rows().get(0).get(0))
                    .isGreaterThan((double) chance.rows().get(0).get(1));
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Table table(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .map(Table.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
