package org.headscope.analysis.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.StreamingWindow;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.train.StreamingGates.Sample;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class DuoAttentionTest {
    private static final StreamingWindow WINDOW = new StreamingWindow(2, 4);

    private static HookedTransformer world;

    @BeforeAll
    static void load() {
        world = WorldModel.load();
    }

    @AfterAll
    static void close() {
        world.close();
    }

    /** The authors' schedule for 2000 steps, worked out by hand. */
    @Test
    void theRateRisesInTheFirstFifthAndFallsInTheLast() {
        var pace = new GateTraining.Pace(0.02, 0.05);

        assertThat(pace.at(0, 2000)).isCloseTo(0.002, within(1e-12));
        assertThat(pace.at(199, 2000)).isCloseTo(0.01, within(1e-12));
        assertThat(pace.at(399, 2000)).isCloseTo(0.02, within(1e-12));
        assertThat(pace.at(1600, 2000)).isCloseTo(0.02, within(1e-12));
        assertThat(pace.at(1800, 2000)).isCloseTo(0.01, within(1e-12));
        assertThat(pace.at(1999, 2000)).isCloseTo(0.002, within(1e-12));
        assertThat(pace.at(1, 3)).isCloseTo(0.02, within(1e-12));
    }

    @Test
    void theGateOfTheHeadThatCopiesStaysUpAndTheOthersFall() {
        List<Sample> samples = IntStream.range(0, 90)
                .mapToObj(i ->
                        new Sample(IntStream.range(0, 30).map(p -> (p + i) % 32).toArray(), 14))
                .toList();
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            var training = new GateTraining(IdContexts.of(model), WINDOW, new GateTraining.Pace(0.02, 0.005));
            double[] gates = training.run(samples, Progress.none());

            assertThat(gates[CopyRetrievalModel.HEAD]).isGreaterThan(0.9);
            assertThat(new double[] {gates[0], gates[1], gates[3]}).containsOnly(0);
            Curve curve = training.curve();
            assertThat(curve.lines().get(0).y()).hasSize(90).startsWith(0.0);
            assertThat(curve.lines().get(1).y().get(0)).isCloseTo(0.005, within(1e-8));
        }
    }

    @Test
    void textsEndWithQuestionsAboutTheirSecretsAndTheirAnswers() {
        PasskeyTexts texts = new PasskeyTexts(WorldModel.context(world), 200);

        for (Sample sample : texts.samples(12)) {
            String end = text(sample.ids(), sample.from(), sample.ids().length);
            String front = text(sample.ids(), 0, sample.from());
            assertThat(sample.ids().length).isBetween(60, 200);
            assertThat(end).startsWith("Question: The secret word of").endsWith(".");
            assertThat(end.split("Question", -1)).hasSize(4);
            assertThat(front).doesNotContain("Question");
            for (String asked : end.split("Question: ", -1)) {
                assertThat(front).contains(asked.strip());
            }
        }
        List<EncodedExample> questions = texts.questions(12, 100);
        assertThat(questions).hasSize(12).allMatch(question -> question.length() >= 100 && question.length() <= 200);
        assertThat(questions).allMatch(question -> Split.of(question.example().role()) == Split.HELD_OUT);
    }

    private static String text(int[] ids, int from, int to) {
        return Objects.requireNonNull(world.tokenizer())
                .decode(Arrays.copyOfRange(ids, from, to))
                .strip();
    }

    /** Few steps of short texts already tell some heads apart, and the same seed tells the same. */
    @Test
    void aShortRunOnTheShippedModelIsRepeatable() {
        var parameters = new DuoAttention.Parameters(140, 4, 16, 24, 0.05, 0.05, 0.5, 20, 3);
        AnalysisContext context = WorldModel.context(world);
        int before = world.ownedResources();
        Findings found = new DuoAttention().run(context, parameters, Progress.none());
        double[] gates = WorldModel.values(found, GateTraining.GATES);

        HeadGrid grid = (HeadGrid) WorldModel.panel(found, GateTraining.GATES);
        assertThat(grid.grid().shape()).containsExactly(6, 4);
        assertThat(grid.grid().axes().get(1).name()).isEqualTo("kv_head");
        assertThat(Arrays.stream(gates)).allMatch(gate -> gate >= 0 && gate <= 1);
        assertThat(Arrays.stream(gates).max().orElseThrow()
                        - Arrays.stream(gates).min().orElseThrow())
                .isGreaterThan(0.2);
        assertThat(Arrays.stream(WorldModel.values(found, DuoAttention.CHOSEN)).sum())
                .isEqualTo(12);
        List<List<Object>> rows = WorldModel.table(found, StreamingExam.TITLE).rows();
        assertThat(rows).hasSize(6);
        assertThat((double) rows.get(0).get(2)).isGreaterThan(0.9);
        assertThat((double) rows.get(2).get(2)).isLessThan(0.5);
        assertThat(found.receipts()).anyMatch(one -> one.label().contains("streaming 4+16"));
        assertThat(world.ownedResources()).isEqualTo(before);

        var again = new GateTraining(context, new StreamingWindow(4, 16), new GateTraining.Pace(0.05, 0.05));
        assertThat(again.run(new PasskeyTexts(context, 140).samples(24), Progress.none()))
                .containsExactly(gates);
    }

    /** A head that is off says nothing to teacher or student, so only the penalty moves its gate. */
    @Test
    void whatStandsHoldsWhileTraining() {
        Intervention off = new Intervention.Ablate(new Target.AttentionLayer(0), new Ablation.Zero());
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            AnalysisContext context = IdContexts.of(model, List.of(off), SweepJournal.none());
            var training = new GateTraining(context, WINDOW, new GateTraining.Pace(0.02, 0.05));
            Sample sample = new Sample(IntStream.range(0, 30).toArray(), 14);
            double[] gates = training.run(Collections.nCopies(10, sample), Progress.none());

            assertThat(gates).containsOnly(gates[0]);
            assertThat(gates[0]).isLessThan(1);
            assertThat(training.receipts()).anyMatch(receipt -> receipt.label().equals(off.label()));
        }
    }

    @Test
    void stopsWhenAsked() {
        Progress stop = new Progress() {
            private long done;

            @Override
            public void report(long step, long total, String message) {
                done = step;
            }

            @Override
            public boolean isCancelled() {
                return done == 2;
            }

            @Override
            public void partial(Panel panel) {}
        };
        var parameters = new DuoAttention.Parameters(120, 4, 16, 500, 0.02, 0.05, 0.5, 5, 1);
        int before = world.ownedResources();

        assertThatThrownBy(() -> new DuoAttention().run(WorldModel.context(world), parameters, stop))
                .isInstanceOf(CancelledException.class);
        assertThat(world.ownedResources()).isEqualTo(before);
    }

    @Test
    void whatCannotBeTrainedIsRefused() {
        var tooLong = new DuoAttention.Parameters(600, 4, 16, 5, 0.02, 0.05, 0.5, 5, 1);
        assertThatThrownBy(() -> new DuoAttention().run(WorldModel.context(world), tooLong, Progress.none()))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("120 to 512");
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            var small = new DuoAttention.Parameters(0, 4, 16, 5, 0.02, 0.05, 0.5, 5, 1);
            assertThatThrownBy(() -> new DuoAttention().run(IdContexts.of(model), small, Progress.none()))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("tokenizer");
        }
    }
}
