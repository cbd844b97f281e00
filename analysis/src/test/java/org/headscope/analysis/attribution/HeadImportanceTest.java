package org.headscope.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.StandIn;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.tokens.BosPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Against differences of the loss of one prompt at a time, with one gate a little more and a little less open. */
@Tag("engine")
class HeadImportanceTest {
    private static final HeadImportance IMPORTANCE = new HeadImportance();
    private static final double STEP = 0.02;
    private static final int[] TEXT = {
        3, 14, 15, 9, 26, 5, 3, 5, 8, 9, 7, 9, 3, 2, 3, 8, 4, 6, 2, 6, 4, 3, 3, 8, 3, 2, 7, 9, 5
    };

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource
    void slopesOfATextAreDifferencesOfItsLossPieceByPiece(SmallConfigs kind) {
        try (HookedTransformer model = RandomModel.of(kind.config(), 4)) {
            Findings found = IMPORTANCE.run(IdContexts.of(model), text(8), Progress.none());
            List<double[]> slopes = new ArrayList<>();
            // The last five tokens are no whole piece.
            for (int from = 0; from + 8 <= TEXT.length; from += 8) {
                int[] piece = Arrays.copyOfRange(TEXT, from, from + 8);
                slopes.add(slopes(model, List.of(), piece, run -> surprise(run, piece)));
            }

            agree(found, slopes, model.config().dims());
            assertThat(((Table) found.panels().get(3)).rows().get(0).get(1)).isEqualTo(3L);
        }
    }

    /** Prompts of several lengths and a head that is off; the mean over the examples of the batch is not what is wanted. */
    @Test
    void slopesOfATaskAreDifferencesOfTheLossOfEachExample() {
        List<Intervention> off = List.of(new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Zero()));
        try (HookedTransformer model = ModelLoader.load(StandIn.random(folder))) {
            var context =
                    new AnalysisContext(model, new SessionPrompts(Session.of(model)), off, 3, SweepJournal.none());
            Findings found = IMPORTANCE.run(context, task("ioi", 8), Progress.none());
            List<EncodedExample> examples =
                    TaskEncoder.of(model, BosPolicy.AUTO).draw(TaskRegistry.require("ioi"), Split.TRAIN, 8, 3);
            List<double[]> slopes = examples.stream()
                    .map(example -> slopes(
                            model,
                            off,
                            example.clean(),
                            run -> -example.logOfRight(logs(run, example.length() - 1), 0)))
                    .toList();

            agree(found, slopes, model.config().dims());
            assertThat(grid(found, 1).at(1, 2)).isZero();
            assertThat(found.receipts()).singleElement().satisfies(one -> assertThat(one.fired())
                    .isPositive());
        }
    }

    /** Several right answers count together. */
    @Test
    void theLossOfSeveralRightAnswersIsThatOfTheirSum() {
        try (HookedTransformer model = ModelLoader.load(StandIn.random(folder))) {
            var context = new AnalysisContext(
                    model, new SessionPrompts(Session.of(model)), List.of(), 3, SweepJournal.none());
            Findings found = IMPORTANCE.run(context, task("greater-than", 3), Progress.none());
            List<EncodedExample> examples =
                    TaskEncoder.of(model, BosPolicy.AUTO).draw(TaskRegistry.require("greater-than"), Split.TRAIN, 3, 3);
            assertThat(examples).anySatisfy(one -> assertThat(one.answers()).hasSizeGreaterThan(1));
            double loss = examples.stream()
                    .mapToDouble(example -> {
                        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[][] {example.clean()}))
                                .build())) {
                            return -example.logOfRight(logs(run, example.length() - 1), 0);
                        }
                    })
                    .average()
                    .orElseThrow();

            assertThat((double) ((Table) found.panels().get(3)).rows().get(0).get(2))
                    .isCloseTo(loss, within(1e-4));
        }
    }

    private static void agree(Findings found, List<double[]> slopes, Dims dims) {
        double[] sizes = means(slopes, Math::abs);
        double[] signed = means(slopes, slope -> slope);
        double tolerance = 3e-3 * Arrays.stream(sizes).max().orElseThrow();
        assertThat(grid(found, 1).toArray()).containsExactly(sizes, within(tolerance));
        assertThat(grid(found, 2).toArray()).containsExactly(signed, within(tolerance));
        // The trap: heads that pull different prompts different ways look idle when the gradient is averaged first.
        assertThat(IntStream.range(0, sizes.length)
                        .filter(head -> sizes[head] > 10 * tolerance && Math.abs(signed[head]) < sizes[head] / 2))
                .isNotEmpty();
        for (int layer = 0; layer < dims.layers(); layer++) {
            double squares = 0;
            for (int head = 0; head < dims.heads(); head++) {
                squares += Math.pow(grid(found, 0).at(layer, head), 2);
            }
            assertThat(squares).isCloseTo(1, within(1e-9));
        }
    }

    private static double[] means(List<double[]> slopes, ToDoubleFunction<Double> of) {
        return IntStream.range(0, slopes.get(0).length)
                .mapToDouble(head -> slopes.stream()
                        .mapToDouble(one -> of.applyAsDouble(one[head]))
                        .average()
                        .orElseThrow())
                .toArray();
    }

    private static double[] slopes(
            HookedTransformer model, List<Intervention> standing, int[] ids, ToDoubleFunction<RunResult> loss) {
        Dims dims = model.config().dims();
        return IntStream.range(0, dims.layers() * dims.heads())
                .mapToDouble(i -> {
                    var head = new Target.Head(i / dims.heads(), i % dims.heads());
                    double more = loss(model, standing, ids, new Intervention.Ablate(head, gate(1 + STEP)), loss);
                    double less = loss(model, standing, ids, new Intervention.Ablate(head, gate(1 - STEP)), loss);
                    return (more - less) / (2 * STEP);
                })
                .toArray();
    }

    private static Ablation gate(double open) {
        return new Ablation.Gate(open);
    }

    private static double loss(
            HookedTransformer model,
            List<Intervention> standing,
            int[] ids,
            Intervention gate,
            ToDoubleFunction<RunResult> loss) {
        List<Intervention> edits = new ArrayList<>(standing);
        edits.add(gate);
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[][] {ids}))
                .edits(new Interventions(model.config()).compile(edits))
                .build())) {
            return loss.applyAsDouble(run);
        }
    }

    private static double surprise(RunResult run, int[] ids) {
        float[] logits = run.logits().toFloatArray();
        double sum = 0;
        for (int p = 1; p < ids.length; p++) {
            sum -= LogProbabilities.row(logits, p - 1, logits.length / ids.length)[ids[p]];
        }
        return sum / (ids.length - 1);
    }

    private static float[] logs(RunResult run, int position) {
        float[] logits = run.logits().toFloatArray();
        double[] row = LogProbabilities.row(
                logits, position, (int) run.logits().getShape().getLastDimension());
        float[] floats = new float[row.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) row[i];
        }
        return floats;
    }

    @Test
    void intervalsHoldTheMeanAndASingleExampleHasNone() {
        try (HookedTransformer model = RandomModel.of(SmallConfigs.GPT2.config(), 4)) {
            HeadGrid three = (HeadGrid) IMPORTANCE
                    .run(IdContexts.of(model), text(8), Progress.none())
                    .panels()
                    .get(0);
            HeadGrid one = (HeadGrid) IMPORTANCE
                    .run(IdContexts.of(model), text(29), Progress.none())
                    .panels()
                    .get(0);
            Interval interval = Objects.requireNonNull(three.interval());

            for (int cell = 0; cell < three.grid().size(); cell++) {
                assertThat(three.grid().valueAt(cell))
                        .isBetween(
                                interval.lower().valueAt(cell) - 1e-12,
                                interval.upper().valueAt(cell) + 1e-12);
                assertThat(interval.lower().valueAt(cell))
                        .isLessThan(interval.upper().valueAt(cell));
            }
            assertThat(one.interval()).isNull();
        }
    }

    @Test
    void taskAndTextExcludeEachOtherAndOneIsNeeded() {
        try (HookedTransformer model = RandomModel.of(SmallConfigs.GPT2.config(), 4)) {
            AnalysisContext context = IdContexts.of(model);
            assertThatThrownBy(() -> IMPORTANCE.run(context, asked(null, null, 8), Progress.none()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("a task, or a text");
            assertThatThrownBy(() -> IMPORTANCE.run(context, asked("ioi", prompt(1, 2), 8), Progress.none()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("not both");
            assertThatThrownBy(() -> IMPORTANCE.run(context, asked(null, prompt(1), 8), Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("2 to 32");
        }
    }

    @Test
    void modelsThatSeeLaterTokensAreRefused() {
        try (HookedTransformer model = RandomModel.of(SmallConfigs.bothWays(), 4)) {
            assertThatThrownBy(() -> IMPORTANCE.run(IdContexts.of(model), text(8), Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("sees later tokens");
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = RandomModel.of(SmallConfigs.LLAMA.config(), 4)) {
            IMPORTANCE.run(IdContexts.of(model), text(8), Progress.none());
            int before = model.ownedResources();
            IMPORTANCE.run(IdContexts.of(model), text(5), Progress.none());
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static HeadImportance.Parameters text(int length) {
        return asked(null, prompt(TEXT), length);
    }

    private static HeadImportance.Parameters task(String id, int count) {
        return new HeadImportance.Parameters(id, null, Split.TRAIN, count, 64);
    }

    private static HeadImportance.Parameters asked(@Nullable String task, @Nullable Prompt text, int length) {
        return new HeadImportance.Parameters(task, text, Split.TRAIN, 50, length);
    }

    private static Grid grid(Findings found, int panel) {
        return ((HeadGrid) found.panels().get(panel)).grid();
    }
}
