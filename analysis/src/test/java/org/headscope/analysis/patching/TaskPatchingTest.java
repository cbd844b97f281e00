package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.patching.TaskPatching.Parameters;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.StandIn;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Averages over a task, against single patching runs of the same examples on a model with random weights. */
@Tag("engine")
class TaskPatchingTest {
    private static final TaskPatching PATCHING = new TaskPatching();
    private static final long SEED = 3;
    private static final double GAP = 0.5;
    private static final Intervention STANDING = new Intervention.Ablate(new Target.Head(0, 3), new Ablation.Zero());

    @TempDir
    static Path folder;

    private static HookedTransformer model;

    @BeforeAll
    static void load() {
        model = ModelLoader.load(StandIn.random(folder));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ioi, HEAD_Z, DENOISE",
        "ioi, HEAD_V, NOISE",
        "ioi, RESID_PRE, DENOISE",
        "capital, MLP_OUT, NOISE",
        "capital, HEAD_Z_BY_POS, DENOISE"
    })
    void isTheMeanAndSpreadOfSinglePatchingRuns(String task, PatchSite site, Mode mode) {
        Findings found = PATCHING.run(context(), parameters(task, site, mode), Progress.none());
        List<EncodedExample> aligned =
                site.layout() == PatchSite.Layout.HEADS ? drawn(task) : mostFrequent(drawn(task));
        List<PatchFindings> single = aligned.stream()
                .map(example -> single(example, site, mode))
                .filter(one -> one.clean() - one.corrupt() >= GAP)
                .toList();
        GridPanel mean = panel(found, TaskPatching.MEAN);
        GridPanel spread = panel(found, TaskPatching.SPREAD);
        int cells = single.get(0).effect().grid().size();

        assertThat(single).hasSizeBetween(2, aligned.size());
        assertThat(mean.grid().size()).isEqualTo(cells);
        for (int cell = 0; cell < cells; cell++) {
            double sum = 0;
            double squares = 0;
            for (PatchFindings one : single) {
                sum += one.effect().grid().valueAt(cell);
            }
            double expected = sum / single.size();
            for (PatchFindings one : single) {
                squares += Math.pow(one.effect().grid().valueAt(cell) - expected, 2);
            }
            assertThat(mean.grid().valueAt(cell)).as("mean of %d", cell).isCloseTo(expected, within(1e-4));
            assertThat(spread.grid().valueAt(cell))
                    .as("spread of %d", cell)
                    .isCloseTo(Math.sqrt(squares / (single.size() - 1)), within(1e-4));
        }
    }

    @Test
    void saysHowManyExamplesWereDrawnLinedUpSkippedAndUsed() {
        Findings found =
                PATCHING.run(context(), parameters("capital", PatchSite.ATTN_OUT, Mode.DENOISE), Progress.none());
        List<EncodedExample> aligned = mostFrequent(drawn("capital"));
        List<PatchFindings> single = aligned.stream()
                .map(example -> single(example, PatchSite.ATTN_OUT, Mode.DENOISE))
                .toList();
        List<PatchFindings> wide = single.stream()
                .filter(one -> one.clean() - one.corrupt() >= GAP)
                .toList();

        List<Object> row = row(found);

        assertThat(wide).hasSizeLessThan(single.size());
        assertThat(row.subList(0, 6))
                .containsExactly(
                        "capital", "train", 24L, (long) aligned.size(), (long) single.size() - wide.size(), (long)
                                wide.size());
        assertThat((double) row.get(6))
                .isCloseTo(
                        wide.stream()
                                .mapToDouble(PatchFindings::clean)
                                .average()
                                .orElseThrow(),
                        within(1e-4));
        assertThat((double) row.get(7))
                .isCloseTo(
                        wide.stream()
                                .mapToDouble(PatchFindings::corrupt)
                                .average()
                                .orElseThrow(),
                        within(1e-4));
    }

    @Test
    void positionsCountFromTheEndAndNameWhatChanges() {
        Findings found =
                PATCHING.run(context(), parameters("capital", PatchSite.RESID_PRE, Mode.DENOISE), Progress.none());
        List<EncodedExample> aligned = mostFrequent(drawn("capital"));
        int length = aligned.get(0).length();

        List<String> labels =
                panel(found, TaskPatching.MEAN).grid().axes().get(1).labels();

        assertThat(labels).hasSize(length).first().asString().startsWith("-" + length);
        assertThat(labels.get(length - 1)).startsWith("-1");
        for (int p = 0; p < length; p++) {
            int at = p;
            assertThat(labels.get(p).endsWith(" (changed)"))
                    .isEqualTo(aligned.get(0).clean()[at] != aligned.get(0).corrupt()[at]);
        }
    }

    @Test
    void theIntervalHoldsTheMeanAndOneExampleHasNone() {
        GridPanel several = panel(
                PATCHING.run(context(), parameters("ioi", PatchSite.HEAD_Z, Mode.DENOISE), Progress.none()),
                TaskPatching.MEAN);
        var one = new Parameters("ioi", PatchSite.HEAD_Z, Mode.DENOISE, 1, Split.TRAIN, 1e-4);
        AnalysisContext lucky = context(firstUsableSeed(), SweepJournal.none());
        Findings alone = PATCHING.run(lucky, one, Progress.none());

        var interval = Objects.requireNonNull(several.interval());
        assertThat(interval.level()).isEqualTo(0.95);
        assertThat(interval.method()).contains("bootstrap").contains("1000 draws");
        for (int cell = 0; cell < several.grid().size(); cell++) {
            assertThat(several.grid().valueAt(cell))
                    .isBetween(
                            interval.lower().valueAt(cell) - 1e-12,
                            interval.upper().valueAt(cell) + 1e-12);
        }
        assertThat(panel(alone, TaskPatching.MEAN).interval()).isNull();
        assertThat(panel(alone, TaskPatching.SPREAD).grid().computed()).isZero();
    }

    @Test
    void theReceiptsCoverEveryExampleAndTheStandingMask() {
        Findings found = PATCHING.run(context(), parameters("ioi", PatchSite.HEAD_Z, Mode.DENOISE), Progress.none());
        long used = (long) row(found).get(5);

        assertThat(found.receipts()).hasSize(2);
        assertThat(found.receipts().get(0).fired()).isEqualTo(used);
        assertThat(found.receipts().get(1).site()).isEqualTo("blocks.*.attn.hook_z");
        assertThat(found.receipts().get(1).fired()).isEqualTo(used * 2 * 4);
    }

    @Test
    void aStoppedRunGoesOnWhereItWasAndGivesTheSameGrid() {
        var parameters = parameters("capital", PatchSite.HEAD_Z_BY_POS, Mode.DENOISE);
        Memory journal = new Memory();
        StopAfter stop = new StopAfter(1);
        assertThatThrownBy(() -> PATCHING.run(context(SEED, journal), parameters, stop))
                .isInstanceOf(CancelledException.class);
        int kept = journal.cells();
        StopAfter never = new StopAfter(Integer.MAX_VALUE);

        Findings resumed = PATCHING.run(context(SEED, journal), parameters, never);
        Findings whole = PATCHING.run(context(), parameters, Progress.none());

        assertThat(stop.panels).hasSize(1).allSatisfy(panel -> assertThat(panel.title())
                .isEqualTo(TaskPatching.MEAN));
        assertThat(kept).isEqualTo(panel(whole, TaskPatching.MEAN).grid().size());
        assertThat(never.panels.size()).isGreaterThan(1);
        assertThat(resumed.panels()).isEqualTo(whole.panels());
        assertThat(never.done).isEqualTo(never.total).isPositive();
    }

    @Test
    void nothingStaysBehindInTheModel() {
        int before = model.ownedResources();

        Findings found = PATCHING.run(context(), parameters("ioi", PatchSite.HEAD_Q, Mode.NOISE), Progress.none());

        assertThat(found.panels()).hasSize(3);
        assertThat(model.ownedResources()).isEqualTo(before);
    }

    @Test
    void aTaskWithoutAnyWideExampleIsRefused() {
        var parameters = new Parameters("ioi", PatchSite.HEAD_Z, Mode.DENOISE, 4, Split.TRAIN, 1e6);

        assertThatThrownBy(() -> PATCHING.run(context(), parameters, Progress.none()))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("No example of task 'ioi' can be patched: on all 4")
                .hasMessageContaining("smaller gap");
    }

    @Test
    void unknownTasksAndAModelWithoutWordsAreRefused() {
        assertThatThrownBy(() -> ParameterBinder.of(Parameters.class).bind(Map.of("task", "chess")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("chess");
        assertThatThrownBy(() -> ParameterBinder.of(Parameters.class).bind(Map.of("task", "ioi", "gap", "0")))
                .isInstanceOf(ParameterException.class);
        try (HookedTransformer ids = InductionModel.create()) {
            assertThatThrownBy(() -> PATCHING.run(
                            IdContexts.of(ids), parameters("ioi", PatchSite.HEAD_Z, Mode.DENOISE), Progress.none()))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("takes token ids only");
        }
    }

    private static long firstUsableSeed() {
        for (long seed = 1; ; seed++) {
            EncodedExample example = drawn("ioi", 1, seed).get(0);
            PatchFindings one = single(example, PatchSite.HEAD_Z, Mode.DENOISE);
            if (one.clean() > one.corrupt()) {
                return seed;
            }
        }
    }

    private static Parameters parameters(String task, PatchSite site, Mode mode) {
        return new Parameters(task, site, mode, 24, Split.TRAIN, GAP);
    }

    private static AnalysisContext context() {
        return context(SEED, SweepJournal.none());
    }

    private static AnalysisContext context(long seed, SweepJournal journal) {
        SessionPrompts prompts = new SessionPrompts(Session.of(model).with(BosPolicy.AUTO));
        return new AnalysisContext(model, prompts, List.of(STANDING), seed, journal);
    }

    private static List<EncodedExample> drawn(String task) {
        return drawn(task, 24, SEED);
    }

    private static List<EncodedExample> drawn(String task, int count, long seed) {
        return TaskEncoder.of(model, BosPolicy.AUTO).draw(TaskRegistry.require(task), Split.TRAIN, count, seed);
    }

    /** As many tokens, and another token at the same places. */
    private static List<EncodedExample> mostFrequent(List<EncodedExample> examples) {
        List<EncodedExample> most = List.of();
        for (EncodedExample one : examples) {
            List<EncodedExample> alike = examples.stream()
                    .filter(other -> changes(other).equals(changes(one)))
                    .toList();
            most = alike.size() > most.size() ? alike : most;
        }
        return most;
    }

    private static List<Boolean> changes(EncodedExample example) {
        return IntStream.range(0, example.length())
                .mapToObj(p -> example.clean()[p] != example.corrupt()[p])
                .toList();
    }

    private static PatchFindings single(EncodedExample example, PatchSite site, Mode mode) {
        var parameters = new ActivationPatching.Parameters(
                prompt(example.clean()),
                prompt(example.corrupt()),
                prompt(example.answers()[0]),
                prompt(example.corruptAnswers()[0]),
                site,
                mode);
        return new ActivationPatching().run(context(), parameters, Progress.none());
    }

    private static GridPanel panel(Findings found, String title) {
        return (GridPanel) found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private static List<Object> row(Findings found) {
        return ((Table) found.panels().get(2)).rows().get(0);
    }

    /** Asks to stop once some examples are done. */
    private static final class StopAfter implements Progress {
        private final int examples;
        private final List<Panel> panels = new ArrayList<>();
        private long done;
        private long total;

        private StopAfter(int examples) {
            this.examples = examples;
        }

        @Override
        public void report(long finished, long of, String message) {
            done = finished;
            total = of;
        }

        @Override
        public boolean isCancelled() {
            return panels.size() >= examples;
        }

        @Override
        public void partial(Panel panel) {
            panels.add(panel);
        }
    }

    /** A journal that remembers, sweep by sweep. */
    private static final class Memory implements SweepJournal {
        private final Map<String, List<Batch>> batches = new HashMap<>();

        @Override
        public List<Batch> stored(String sweep) {
            return List.copyOf(batches.getOrDefault(sweep, List.of()));
        }

        @Override
        public void store(String sweep, Batch batch) {
            batches.computeIfAbsent(sweep, name -> new ArrayList<>()).add(batch);
        }

        private int cells() {
            return batches.values().stream()
                    .flatMap(List::stream)
                    .mapToInt(batch -> batch.values().size())
                    .sum();
        }
    }
}
