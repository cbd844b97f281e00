package org.headscope.analysis.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
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
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way to switch heads off, against one prompt at a time with hooks that overwrite plain numbers. */
@Tag("engine")
class KnockoutTest {
    private static final long SEED = 3;
    private static final double TOLERANCE = 2e-4;
    private static final int COUNT = 8;
    private static final double GATE = 0.3;
    private static final int HEADS = 4;

    @TempDir
    static Path folder;

    private static HookedTransformer model;

    @BeforeAll
    static void load() {
        model = ModelLoader.load(StandIn.random(folder.resolve("random")));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @ParameterizedTest
    @EnumSource(KnockoutMode.class)
    void headsAreSwitchedOffAsTheModeSays(KnockoutMode mode) {
        // A single neutral prompt per template leaves resampling no choice.
        int references = mode == KnockoutMode.RESAMPLE ? 1 : 6;
        Knockout.Options how = options(mode, ReferenceSet.NEUTRAL, Averaging.TEMPLATE, references);
        List<EncodedExample> examples = examples("ioi");
        double full = loss(examples, (example, edits) -> {});
        double off = loss(examples, (example, edits) -> edit(example, edits, how));

        Findings set = headSet("ioi", how, List.of("0.1", "1.2"));
        assertThat((double) table(set, HeadSetControl.TITLE).rows().get(0).get(3))
                .isCloseTo(full, within(TOLERANCE));
        assertThat((double) table(set, HeadSetControl.TITLE).rows().get(1).get(3))
                .isCloseTo(off, within(TOLERANCE));
        assertThat(Math.abs(off - full)).isGreaterThan(20 * TOLERANCE);
    }

    @ParameterizedTest
    @CsvSource({"TASK, TEMPLATE", "TASK, POSITION", "CORRUPT, GLOBAL", "CORRUPT, TEMPLATE"})
    void meansAreTakenOverTheNamedPromptsAndPositions(ReferenceSet set, Averaging averaging) {
        Knockout.Options how = options(KnockoutMode.MEAN, set, averaging, 120);
        List<EncodedExample> examples = examples("ioi");
        double off = loss(examples, (example, edits) -> edit(example, edits, how));

        Findings found = headSet("ioi", how, List.of("0.1", "1.2"));
        assertThat((double) table(found, HeadSetControl.TITLE).rows().get(1).get(3))
                .isCloseTo(off, within(TOLERANCE));
        assertThat(table(found, Knockout.HOW).rows().get(0).get(2).toString())
                .startsWith("mean over 120 " + (set == ReferenceSet.TASK ? "prompts of ioi" : "corrupt prompts of ioi"))
                .contains(averaging.words());
    }

    @ParameterizedTest
    @EnumSource(KnockoutMode.class)
    void gridHoldsWhatASetOfOneHeadCosts(KnockoutMode mode) {
        Knockout.Options how = options(mode, ReferenceSet.NEUTRAL, Averaging.TEMPLATE, 1);
        HeadGrid grid = (HeadGrid) new TaskHeadAblation()
                .run(
                        context(),
                        new TaskHeadAblation.Parameters(
                                "ioi", Split.TRAIN, COUNT, mode, how.set(), how.averaging(), how.count(), GATE),
                        Progress.none())
                .panels()
                .get(0);

        for (String head : List.of("0.2", "1.1")) {
            List<List<Object>> rows = table(headSet("ioi", how, List.of(head)), HeadSetControl.TITLE)
                    .rows();
            double rise = (double) rows.get(1).get(3) - (double) rows.get(0).get(3);
            assertThat(grid.grid().at(head.charAt(0) - '0', head.charAt(2) - '0'))
                    .isCloseTo(rise, within(TOLERANCE));
        }
    }

    @Test
    void headsAloneAreListedWithTheirSumAndWhatTheyCostTogether() {
        Knockout.Options how = options(KnockoutMode.ZERO, ReferenceSet.TASK, Averaging.TEMPLATE, 1);
        Findings found = headSet("ioi", how, List.of("0.1", "1.2"));
        List<List<Object>> rows = table(found, HeadSetControl.SINGLES).rows();

        assertThat(rows.stream().map(row -> row.get(0))).containsExactly("0.1", "1.2", "sum of these", "together");
        for (int i = 0; i < 2; i++) {
            List<List<Object>> alone = table(
                            headSet("ioi", how, List.of(rows.get(i).get(0).toString())), HeadSetControl.TITLE)
                    .rows();
            assertThat((double) rows.get(i).get(2))
                    .isCloseTo(
                            (double) alone.get(1).get(3) - (double) alone.get(0).get(3), within(1e-9));
        }
        assertThat((double) rows.get(2).get(2))
                .isCloseTo((double) rows.get(0).get(2) + (double) rows.get(1).get(2), within(1e-9));
        assertThat(table(found, Knockout.HOW).rows())
                .containsExactly(List.of("zero", "z, before W_O", "none", "all", "all of the set together"));
    }

    @Test
    void whatHasNoMeaningIsRefused() {
        assertThatThrownBy(() -> headSet(
                        "key-value",
                        options(KnockoutMode.MEAN, ReferenceSet.TASK, Averaging.TEMPLATE, 20),
                        List.of("0.1")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("position or global");
        assertThatThrownBy(() -> headSet(
                        "capital",
                        options(KnockoutMode.MEAN, ReferenceSet.NEUTRAL, Averaging.TEMPLATE, 20),
                        List.of("0.1")))
                .isInstanceOf(TaskException.class)
                .hasMessageContaining("phrase and ioi");
        assertThatThrownBy(() -> headSet(
                        "ioi", options(KnockoutMode.RESAMPLE, ReferenceSet.TASK, Averaging.GLOBAL, 20), List.of("0.1")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("whole prompts");
        assertThatThrownBy(() -> headSet(
                        "ioi", options(KnockoutMode.MEAN, ReferenceSet.TASK, Averaging.TEMPLATE, 1), List.of("0.1")))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("more reference prompts");
    }

    @Test
    void nativeMemoryReturnsToWhereItWas() {
        headSet("ioi", options(KnockoutMode.MEAN, ReferenceSet.NEUTRAL, Averaging.TEMPLATE, 2), List.of("0.1"));
        int before = model.ownedResources();
        for (KnockoutMode mode : KnockoutMode.values()) {
            headSet("ioi", options(mode, ReferenceSet.NEUTRAL, Averaging.TEMPLATE, 2), List.of("0.1"));
        }
        assertThat(model.ownedResources()).isEqualTo(before);
    }

    private static Knockout.Options options(KnockoutMode mode, ReferenceSet set, Averaging averaging, int count) {
        return new Knockout.Options(mode, set, averaging, count, GATE);
    }

    private static Findings headSet(String task, Knockout.Options how, List<String> heads) {
        var parameters = new HeadSetControl.Parameters(
                task, heads, 1, Split.TRAIN, COUNT, how.mode(), how.set(), how.averaging(), how.count(), GATE, true);
        return new HeadSetControl().run(context(), parameters, Progress.none());
    }

    private static Table table(Findings found, String title) {
        return (Table) found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }

    private static AnalysisContext context() {
        SessionPrompts prompts = new SessionPrompts(Session.of(model).with(BosPolicy.AUTO));
        return new AnalysisContext(model, prompts, List.of(), SEED, SweepJournal.none());
    }

    private static List<EncodedExample> examples(String task) {
        return TaskEncoder.of(model, BosPolicy.AUTO).draw(TaskRegistry.require(task), Split.TRAIN, COUNT, SEED);
    }

    /* The oracle: one example, one forward, hooks that change plain numbers. */

    private static double loss(List<EncodedExample> examples, BiConsumer<EncodedExample, RunRequest.Builder> edit) {
        double sum = 0;
        for (EncodedExample example : examples) {
            RunRequest.Builder request =
                    RunRequest.of(TokenBatch.of(new int[][] {example.clean()})).lastLogits();
            edit.accept(example, request);
            try (RunResult run = model.run(request.build());
                    NDArray logs = run.logits().logSoftmax(-1)) {
                sum -= example.logOfRight(logs.toFloatArray(), 0);
            }
        }
        return sum / examples.size();
    }

    private static void edit(EncodedExample example, RunRequest.Builder request, Knockout.Options how) {
        int[][] off = {{0, 1}, {1, 2}};
        for (int[] head : off) {
            if (how.mode() == KnockoutMode.UNIFORM) {
                request.hook(
                        "uniform " + head[0],
                        HookSite.of(SiteKind.PATTERN, head[0]),
                        (value, point) -> numbers(value, numbers -> evenly(numbers, head[1], example.length())));
                continue;
            }
            float[] instead = instead(example, head[0], how);
            request.hook(
                    "z " + head[0],
                    HookSite.of(SiteKind.Z, head[0]),
                    (value, point) -> numbers(value, numbers -> put(numbers, instead, head[1], how)));
        }
        if (how.mode() == KnockoutMode.PATTERN_PRESERVING) {
            HookSite later = HookSite.of(SiteKind.PATTERN, 1);
            float[] clean = captured(example.clean(), later);
            request.hook(
                    "hold",
                    later,
                    (value, point) -> numbers(value, numbers -> System.arraycopy(clean, 0, numbers, 0, clean.length)));
        }
    }

    /** What stands at z of all heads of a layer instead, {@code [pos, head, d_head]}. */
    private static float[] instead(EncodedExample example, int layer, Knockout.Options how) {
        HookSite z = HookSite.of(SiteKind.Z, layer);
        float[] own = captured(example.clean(), z);
        if (how.mode() != KnockoutMode.MEAN && how.mode() != KnockoutMode.RESAMPLE) {
            return new float[own.length];
        }
        double[] sum = new double[own.length];
        int count = 0;
        for (int[] ids : references(example, how)) {
            float[] other = captured(ids, z);
            int step = own.length / example.length();
            int rows = how.averaging() == Averaging.GLOBAL ? ids.length : 1;
            for (int row = 0; row < rows; row++) {
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += how.averaging() == Averaging.GLOBAL ? other[row * step + i % step] : other[i];
                }
                count++;
            }
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / count);
        }
        return mean;
    }

    private static List<int[]> references(EncodedExample example, Knockout.Options how) {
        TaskEncoder encoder = TaskEncoder.of(model, BosPolicy.AUTO);
        String form = example.example().form();
        List<int[]> chosen = new ArrayList<>();
        if (how.set() == ReferenceSet.NEUTRAL) {
            chosen.addAll(encoder.neutral(TaskRegistry.require("ioi"), form, how.count(), SEED + 1));
        } else {
            for (EncodedExample one : encoder.draw(TaskRegistry.require("ioi"), Split.TRAIN, how.count(), SEED + 1)) {
                if (how.averaging() != Averaging.TEMPLATE
                        || one.example().form().equals(form)) {
                    chosen.add(how.set() == ReferenceSet.CORRUPT ? one.corrupt() : one.clean());
                }
            }
        }
        chosen.removeIf(ids -> how.averaging() != Averaging.GLOBAL && ids.length != example.length());
        return chosen;
    }

    private static final Map<String, float[]> SEEN = new HashMap<>();

    private static float[] captured(int[] ids, HookSite site) {
        return SEEN.computeIfAbsent(site + " " + Arrays.toString(ids), key -> {
            try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[][] {ids}))
                    .capture(site)
                    .build())) {
                return run.cache().get(site).toFloatArray();
            }
        });
    }

    private static NDArray numbers(NDArray value, Consumer<float[]> change) {
        float[] numbers = value.toFloatArray();
        change.accept(numbers);
        return value.getManager().create(numbers, value.getShape());
    }

    private static void put(float[] z, float[] instead, int head, Knockout.Options how) {
        int width = model.config().dims().dHead();
        for (int i = 0; i < z.length; i++) {
            if (i / width % HEADS == head) {
                z[i] = how.mode() == KnockoutMode.GATE ? (float) (GATE * z[i]) : instead[i];
            }
        }
    }

    private static void evenly(float[] pattern, int head, int length) {
        for (int q = 0; q < length; q++) {
            for (int k = 0; k <= q; k++) {
                pattern[(head * length + q) * length + k] = 1f / (q + 1);
            }
        }
    }
}
