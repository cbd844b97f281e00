package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.Panels;
import org.headscope.analysis.detect.HeadDetectors.Parameters;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.SinkModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("engine")
class HeadDetectorsTest {
    private static final int PREVIOUS = 0;
    private static final int DUPLICATE = 1;
    private static final int INDUCTION = 2;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theInductionModelHasExactlyOnePreviousTokenHeadAndOneInductionHead(boolean bosKnown) {
        try (HookedTransformer model = InductionModel.create()) {
            AnalysisContext context = bosKnown ? IdContexts.withBos(model, 0) : IdContexts.of(model);
            Findings found = run(context, parameters(16, null));

            assertThat(grid(found, PREVIOUS)).containsExactly(new double[] {0, 1, 0, 0, 0, 0, 0, 0}, within(1e-5));
            assertThat(grid(found, DUPLICATE)).containsExactly(new double[8], within(1e-5));
            assertThat(grid(found, INDUCTION)).containsExactly(new double[] {0, 0, 0, 0, 0, 0, 1, 0}, within(1e-5));
        }
    }

    /** The prefix matching of Olsson et al. has four copies; attention to all earlier ones counts. */
    @Test
    void withFourCopiesTheInductionHeadStillScoresOne() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found =
                    run(IdContexts.withBos(model, 0), new Parameters(15, 4, 6, -1, List.of(), null, false, false));

            assertThat(grid(found, PREVIOUS)).containsExactly(new double[] {0, 1, 0, 0, 0, 0, 0, 0}, within(1e-5));
            assertThat(grid(found, DUPLICATE)).containsExactly(new double[8], within(1e-5));
            assertThat(grid(found, INDUCTION)).containsExactly(new double[] {0, 0, 0, 0, 0, 0, 1, 0}, within(1e-5));
        }
    }

    @Test
    void uniformAttentionOverFourCopiesScoresTheNumberOfEarlierCopiesOverThoseSeen() {
        int n = 6;
        try (HookedTransformer model = SinkModel.create(3)) {
            Findings found = run(IdContexts.of(model), new Parameters(n, 4, 6, -1, List.of(), null, false, false));

            double chance = 0;
            for (int t = n + 1; t <= 4 * n; t++) {
                int earlier = t <= 2 * n ? 1 : t <= 3 * n ? 2 : 3;
                chance += earlier / (t + 1.0) / (3 * n);
            }
            assertThat(grid(found, DUPLICATE)[SinkModel.UNIFORM_HEAD]).isCloseTo(chance, within(1e-6));
            assertThat(grid(found, INDUCTION)[SinkModel.UNIFORM_HEAD]).isCloseTo(chance, within(1e-6));
        }
    }

    /** A trained model of 260 000 numbers that has previous-token heads, but no induction heads and no sinks. */
    @Test
    void nothingIsFoundWhereNothingIs() {
        Path folder = Path.of(System.getProperty("headscope.reference", ""), "models", "stories260K", "hf");
        Assumptions.assumeTrue(Files.exists(folder), "reference model stories260K is absent");
        try (HookedTransformer model = ModelLoader.load(folder)) {
            Findings found = run(IdContexts.withBos(model, 1), parameters(25, null));
            assertThat(Arrays.stream(grid(found, PREVIOUS)).max().orElseThrow()).isGreaterThan(0.3);
            assertThat(Arrays.stream(grid(found, INDUCTION)).max().orElseThrow())
                    .isLessThan(0.15);

            var sinks = new AttentionSinks.Parameters(null, 64, 20, 0, 0.3, SinkSequences.Bos.NO, -1);
            Findings shares = new AttentionSinks().run(IdContexts.of(model), sinks, Progress.none());
            assertThat(Panels.table(shares, AttentionSinks.SHARES).rows())
                    .allSatisfy(row ->
                            assertThat((double) row.get(6)).as("the top head").isLessThan(0.3));
        }
    }

    @Test
    void uniformAttentionScoresAtChance() {
        int n = 6;
        try (HookedTransformer model = SinkModel.create(3)) {
            Findings found = run(IdContexts.of(model), parameters(n, null));

            double chance = IntStream.rangeClosed(n + 1, 2 * n)
                    .mapToDouble(t -> 1.0 / (t + 1))
                    .average()
                    .orElseThrow();
            for (int kind = PREVIOUS; kind <= INDUCTION; kind++) {
                assertThat(grid(found, kind)[SinkModel.UNIFORM_HEAD]).isCloseTo(chance, within(1e-6));
            }
        }
    }

    @Test
    void scoresThatNeverVaryHaveANarrowInterval() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = run(IdContexts.of(model), parameters(8, null));

            Interval interval = ((HeadGrid) found.panels().get(INDUCTION)).interval();
            assertThat(interval).isNotNull();
            assertThat(interval.lower().at(1, 2)).isCloseTo(1, within(1e-5));
            assertThat(interval.upper().at(1, 2)).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void aTextIsScoredByTheShareOfAttentionOnThePattern() {
        int[] ids = {3, 5, 3, 7, 5, 3, 3};
        try (HookedTransformer model = SinkModel.create(3)) {
            Findings found = run(IdContexts.of(model), parameters(4, prompt(ids)));

            double[][] pattern = pattern(model, ids);
            double[] expected = new double[3];
            for (int q = 0; q < ids.length; q++) {
                for (int k = 0; k <= q; k++) {
                    expected[PREVIOUS] += k == q - 1 ? pattern[q][k] : 0;
                    expected[DUPLICATE] += k < q && ids[k] == ids[q] ? pattern[q][k] : 0;
                    expected[INDUCTION] += k > 0 && ids[k - 1] == ids[q] ? pattern[q][k] : 0;
                }
            }
            for (int kind = PREVIOUS; kind <= INDUCTION; kind++) {
                assertThat(grid(found, 3 + kind)[0]).isCloseTo(expected[kind] / ids.length, within(1e-6));
            }
        }
    }

    /** Attention of head 0. */
    private static double[][] pattern(HookedTransformer model, int[] ids) {
        HookSite site = HookSite.of(SiteKind.PATTERN, 0);
        double[][] pattern = new double[ids.length][ids.length];
        try (RunResult run = model.run(
                RunRequest.of(TokenBatch.of(new int[][] {ids})).capture(site).build())) {
            float[] all = run.cache().get(site).toFloatArray();
            for (int i = 0; i < ids.length * ids.length; i++) {
                pattern[i / ids.length][i % ids.length] = all[i];
            }
        }
        return pattern;
    }

    @Test
    void longSequencesAreCutToTheContext() {
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = run(IdContexts.withBos(model, 0), parameters(4096, null));

            assertThat(grid(found, INDUCTION)[6]).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void onlyHeadsAboveChanceAreListed() {
        try (HookedTransformer model = InductionModel.create()) {
            Table best = (Table)
                    run(IdContexts.of(model), parameters(16, null)).panels().get(3);

            assertThat(best.rows())
                    .extracting(row -> row.get(0) + " " + row.get(1))
                    .containsExactly("Previous-token score 0.1", "Induction score 1.2");
        }
    }

    @Test
    void anActiveMaskHoldsAndIsReceipted() {
        try (HookedTransformer model = InductionModel.create()) {
            Intervention off = new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero());
            Findings found = run(IdContexts.of(model, List.of(off), SweepJournal.none()), parameters(8, null));

            assertThat(grid(found, PREVIOUS)[1]).isCloseTo(1, within(1e-5));
            assertThat(grid(found, INDUCTION)[6]).isLessThan(0.2);
            assertThat(found.receipts()).singleElement().satisfies(receipt -> assertThat(receipt.label())
                    .isEqualTo("0.1 zero"));
        }
    }

    @Test
    void aRequestToStopIsHonouredBetweenBatches() {
        try (HookedTransformer model = InductionModel.create()) {
            Progress stop = new Progress() {
                @Override
                public void report(long done, long total, String message) {}

                @Override
                public boolean isCancelled() {
                    return true;
                }

                @Override
                public void partial(Panel panel) {}
            };

            assertThatThrownBy(() -> new HeadDetectors().run(IdContexts.of(model), parameters(8, null), stop))
                    .isInstanceOf(CancelledException.class);
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = InductionModel.create()) {
            int before = model.ownedResources();

            run(IdContexts.of(model), parameters(8, prompt(1, 2, 1)));

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Parameters parameters(int length, @Nullable Prompt text) {
        return new Parameters(length, 2, 6, -1, List.of(), text, false, false);
    }

    private static Findings run(AnalysisContext context, Parameters parameters) {
        return new HeadDetectors().run(context, parameters, Progress.none());
    }

    private static double[] grid(Findings found, int panel) {
        return ((HeadGrid) found.panels().get(panel)).grid().toArray();
    }
}
