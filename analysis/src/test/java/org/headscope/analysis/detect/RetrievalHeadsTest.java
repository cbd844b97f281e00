package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class RetrievalHeadsTest {
    private static final Path WORLD = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");

    /** The model says what stood twelve positions before, so it finds the needle at the end and not the one in front. */
    @Test
    void headThatCopiesHasScoreOneAndRunsThatFailDoNotCount() {
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            int[] hay = IntStream.range(0, 18).map(i -> 1 + i % 8).toArray();
            int[] needle = {20, 21, 22, 23};
            int[] question = {10, 11, 12, 13, 14, 15, 16, 17};
            Findings found = run(model, parameters(hay, needle, needle, question, 30, 2));

            assertThat(values(found, RetrievalHeads.PAPER)).containsExactly(0, 0, 1, 0);
            assertThat(values(found, RetrievalHeads.CODE)).containsExactly(0, 0, 1, 0);
            assertThat(values(found, RetrievalHeads.FREQUENCY)).containsExactly(0, 0, 1, 0);
            assertThat(table(found, RetrievalHeads.RUNS).rows()).containsExactly(List.of(2L, 1L, 1L, 4L));
        }
    }

    @Test
    void inTheInductionModelTheSecondHeadRetrieves() {
        try (HookedTransformer model = InductionModel.create()) {
            int[] hay = IntStream.rangeClosed(0, 12).toArray();
            Findings found = run(
                    model, parameters(hay, new int[] {20, 21, 22, 23}, new int[] {21, 22, 23}, new int[] {20}, 18, 3));

            assertThat(values(found, RetrievalHeads.PAPER)).containsExactly(0, 0, 0, 0, 0, 0, 1, 0);
            assertThat(table(found, RetrievalHeads.RUNS).rows()).containsExactly(List.of(3L, 3L, 1L, 8L));
            assertThat(table(found, "Strongest heads").rows().get(0).subList(0, 3))
                    .containsExactly("1.2", 2L, 1.0);
        }
    }

    @Test
    void modelThatFindsNothingHasNoScores() {
        Dims dims = new Dims(2, 4, 2, 32, 8, 48, 64, 40);
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(dims), 3)) {
            int[] hay = IntStream.rangeClosed(1, 30).toArray();
            Findings found =
                    run(model, parameters(hay, new int[] {35, 36, 37}, new int[] {36, 37}, new int[] {35}, 30, 2));

            assertThat(values(found, RetrievalHeads.PAPER)).containsOnly(Double.NaN);
            assertThat(table(found, RetrievalHeads.RUNS).rows().get(0).get(1)).isEqualTo(0L);
        }
    }

    /** The same criterion on the attention of one whole forward pass. */
    @Test
    void oneRunOfTheShippedModelAgreesWithItsAttention() {
        try (HookedTransformer model = ModelLoader.load(WORLD)) {
            AnalysisContext context = new AnalysisContext(
                    model, new SessionPrompts(Session.of(model)), List.of(), 4, SweepJournal.none());
            var parameters = new RetrievalHeads.Parameters(null, null, null, null, List.of(200), 1, 1);
            Findings found = new RetrievalHeads().run(context, parameters, Progress.none());
            NeedleRun needle =
                    NeedleRuns.of(context, parameters.plan(context.seed())).get(0);

            assertThat(table(found, RetrievalHeads.RUNS).rows().get(0).get(1)).isEqualTo(1L);
            assertThat(values(found, RetrievalHeads.PAPER)).containsExactly(byHand(model, needle));
            assertThat(Arrays.stream(values(found, RetrievalHeads.PAPER)).sum()).isGreaterThan(2);
        }
    }

    private static double[] byHand(HookedTransformer model, NeedleRun needle) {
        int[] ids = needle.prompt().stream().mapToInt(Integer::intValue).toArray();
        RunRequest.Builder request = RunRequest.of(TokenBatch.of(ids));
        IntStream.range(0, 6).forEach(layer -> request.capture(HookSite.of(SiteKind.PATTERN, layer)));
        double[] scores = new double[48];
        try (RunResult run = model.run(request.build())) {
            for (int layer = 0; layer < 6; layer++) {
                float[] pattern =
                        run.cache().get(HookSite.of(SiteKind.PATTERN, layer)).toFloatArray();
                for (int head = 0; head < 8; head++) {
                    int row = (head * ids.length + ids.length - 1) * ids.length;
                    int best = IntStream.range(0, ids.length)
                            .reduce((a, b) -> pattern[row + b] > pattern[row + a] ? b : a)
                            .orElseThrow();
                    boolean inside = best >= needle.needleFrom() && best < needle.needleTo();
                    scores[layer * 8 + head] =
                            inside && ids[best] == needle.answer().get(0) ? 1 : 0;
                }
            }
        }
        return scores;
    }

    /** Ten tokens to copy: nine different ones are seen, one of them twice. */
    @Test
    void paperCountsTokensAndCodeCountsSteps() {
        List<Integer> ten = IntStream.range(100, 110).boxed().toList();
        NeedleRun run = new NeedleRun(ten, 0, 10, ten, 0);
        RetrievalTally tally = new RetrievalTally(new Dims(1, 2, 2, 4, 2, 0, 16, 200));
        RetrievalTally.Sheet sheet = tally.open(run);
        for (int i = 0; i < 9; i++) {
            sheet.saw(0, 0, 100 + i, i);
        }
        sheet.saw(0, 0, 100, 0);
        sheet.saw(0, 1, 109, 3);
        sheet.keep();

        assertThat(tally.paper()).containsExactly(0.9, 0);
        assertThat(tally.code()).containsExactly(1.0, 0);
        assertThat(tally.frequency()).containsExactly(1, 0);
        assertThat(run.recall(new int[] {100, 100, 101, 7})).isEqualTo(0.2);
    }

    @Test
    void needleStandsBehindAPeriodAndInsideTheWantedLength() {
        List<Integer> hay = List.of(0, 5, 9, 5, 5, 9, 5, 5, 5, 9);
        var parts = new NeedleRun.Parts(hay, List.of(7, 8), List.of(), List.of(3), List.of(8));

        NeedleRun run = NeedleRun.of(parts, 12, 0.6, 9);

        assertThat(run.prompt()).containsExactly(0, 5, 9, 7, 8, 5, 5, 9, 5, 5, 5, 3);
        assertThat(run.needleFrom()).isEqualTo(3);
        assertThat(run.prompt().subList(run.needleFrom(), run.needleTo())).containsExactly(7, 8);
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        try (HookedTransformer model = InductionModel.create()) {
            int[] hay = IntStream.rangeClosed(0, 12).toArray();
            int[] needle = {20, 21};
            assertThatThrownBy(() -> run(model, parameters(hay, needle, new int[] {22}, new int[] {20}, 10, 1)))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("part of the needle");
            assertThatThrownBy(() -> run(model, parameters(hay, needle, needle, new int[] {20}, 40, 1)))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("13 tokens");
            var some = new RetrievalHeads.Parameters(IdContexts.prompt(hay), null, null, null, List.of(10), 1, 1);
            assertThatThrownBy(() -> run(model, some))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("3 of the four");
        }
    }

    private static RetrievalHeads.Parameters parameters(
            int[] hay, int[] needle, int[] answer, int[] question, int length, int depths) {
        return new RetrievalHeads.Parameters(
                IdContexts.prompt(hay),
                IdContexts.prompt(needle),
                IdContexts.prompt(answer),
                IdContexts.prompt(question),
                List.of(length),
                depths,
                1);
    }

    private static Findings run(HookedTransformer model, RetrievalHeads.Parameters parameters) {
        return new RetrievalHeads().run(IdContexts.of(model), parameters, Progress.none());
    }

    private static Panel panel(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private static double[] values(Findings found, String title) {
        return ((HeadGrid) panel(found, title)).grid().toArray();
    }

    private static Table table(Findings found, String title) {
        return (Table) panel(found, title);
    }
}
