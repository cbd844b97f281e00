package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.task.SecretNeedle;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.generate.GenerationRequest;
import org.headscope.hooks.generate.Generator;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("engine")
class RetrievalCausalTest {
    private static final Path WORLD = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");

    private static HookedTransformer world;

    @BeforeAll
    static void load() {
        world = ModelLoader.load(WORLD);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    /** Head 0.2 copies from twelve positions back; the needle lies there, and nowhere in front. */
    @ParameterizedTest
    @CsvSource({"UNIFORM, DECODE", "UNIFORM, WHOLE", "ZERO, DECODE", "ZERO, WHOLE"})
    void withoutTheHeadThatCopiesTheNeedleIsLost(NeedleMask.Mode mode, NeedleMask.Where where) {
        List<Integer> hay = IntStream.range(0, 18).map(i -> 1 + i % 8).boxed().toList();
        var parts = new NeedleRun.Parts(
                hay,
                List.of(20, 21, 22, 23),
                List.of(),
                List.of(10, 11, 12, 13, 14, 15, 16, 17),
                List.of(20, 21, 22, 23));
        List<NeedleRun> runs = List.of(NeedleRun.of(parts, 30, 0, -1), NeedleRun.of(parts, 30, 1, -1));
        List<List<MaskUnit>> sets = List.of(heads("0.2"), heads("0.0", "0.1", "0.3"), heads("0.1", "0.2"));
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            NeedleAccuracy accuracy = new NeedleAccuracy(IdContexts.of(model), new NeedleMask(mode, where));
            int before = model.ownedResources();
            List<NeedleAccuracy.Found> found = accuracy.ask(runs, sets, Progress.none());

            assertThat(found.stream().map(one -> one.group().depth())).containsExactly(0.0, 1.0);
            assertThat(found.get(0).full()).isZero();
            assertThat(found.get(1).full()).isEqualTo(1);
            assertThat(found.get(1).found()).containsExactly(0, 1, 0);
            assertThat(accuracy.receipts()).hasSize(1);
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    /** One forward under teacher forcing says what decoding token by token says, masked by hand. */
    @ParameterizedTest
    @CsvSource({"UNIFORM, DECODE", "UNIFORM, WHOLE", "ZERO, DECODE", "ZERO, WHOLE"})
    void sweepFindsWhatGenerationFinds(NeedleMask.Mode mode, NeedleMask.Where where) {
        List<NeedleRun> runs = NeedleRuns.of(
                context(),
                new NeedleRuns.Plan(
                        NeedleRuns.Texts.NONE, List.of(96), 3, 2, new SecretNeedle.Kind(2, 2, Split.TRAIN), 7));
        List<List<MaskUnit>> sets =
                List.of(heads("1.4", "1.5"), heads("3.6", "3.2", "3.3", "5.2", "5.3"), heads("4.0", "2.1"));
        NeedleAccuracy accuracy = new NeedleAccuracy(context(), new NeedleMask(mode, where));
        List<NeedleAccuracy.Found> found = accuracy.ask(runs, sets, Progress.none());
        for (int set = -1; set < sets.size(); set++) {
            int i = set;
            List<MaskUnit> off = i < 0 ? List.of() : sets.get(i);
            long expected = runs.stream()
                    .filter(run -> generates(run, off, mode, where))
                    .count();
            assertThat(found.stream()
                            .mapToInt(one -> i < 0 ? one.full() : one.found()[i])
                            .sum())
                    .as("set " + i)
                    .isEqualTo((int) expected);
        }
    }

    private static boolean generates(NeedleRun run, List<MaskUnit> off, NeedleMask.Mode mode, NeedleMask.Where where) {
        GenerationRequest request =
                GenerationRequest.greedy(run.ids(), run.answer().size());
        if (where == NeedleMask.Where.WHOLE) {
            Ablation how = mode == NeedleMask.Mode.ZERO ? new Ablation.Zero() : new Ablation.Uniform();
            request = request.edits(new Interventions(world.config())
                    .compile(off.stream()
                            .<Intervention>map(
                                    head -> new Intervention.Ablate(new Target.Head(head.layer(), head.head()), how))
                            .toList()));
        } else {
            SiteKind kind = mode == NeedleMask.Mode.ZERO ? SiteKind.Z : SiteKind.PATTERN;
            for (MaskUnit head : off) {
                request = request.hook(
                        "by hand " + head.label(),
                        HookSite.of(kind, head.layer()),
                        (value, point) -> lastRow(value, point, head.head()));
            }
        }
        int[] said = new Generator(world).run(request).ids();
        return Arrays.equals(
                said, run.answer().stream().mapToInt(Integer::intValue).toArray());
    }

    /** The last row produces a token; those before it only read the prompt. */
    private static NDArray lastRow(NDArray value, HookPoint point, int head) {
        float[] numbers = value.toFloatArray();
        boolean pattern = point.site().kind() == SiteKind.PATTERN;
        int heads = world.config().dims().heads();
        int width = (int) value.getShape().getLastDimension();
        int rows = numbers.length / heads / width;
        // [1, head, row, key] or [1, row, head, d_head]
        int from = pattern ? (head * rows + rows - 1) * width : ((rows - 1) * heads + head) * width;
        Arrays.fill(numbers, from, from + width, pattern ? 1f / width : 0);
        return value.getManager().create(numbers, value.getShape());
    }

    @Test
    void needlesThatJudgeAreNotThoseThatChoose() {
        Set<String> train = names(Split.TRAIN, 5);
        Set<String> heldOut = names(Split.HELD_OUT, 5);
        assertThat(train).hasSizeGreaterThan(20).doesNotContainAnyElementsOf(heldOut);
    }

    private static Set<String> names(Split split, long seed) {
        TaskEncoder encoder = TaskEncoder.of(world, BosPolicy.AUTO);
        SplittableRandom random = new SplittableRandom(seed);
        Set<String> needles = new HashSet<>();
        for (int i = 0; i < 30; i++) {
            SecretNeedle one = SecretNeedle.draw(encoder.words(), 60, new SecretNeedle.Kind(3, 2, split), random);
            String name = one.question().split(" ", -1)[6];
            assertThat(one.others()).hasSize(2).noneMatch(other -> other.contains(name));
            assertThat(one.haystack()).doesNotContain(name);
            assertThat(one.needle()).endsWith(one.answer() + ".");
            assertThat(Split.of(name + one.answer())).isEqualTo(split);
            needles.add(name + one.answer());
        }
        return needles;
    }

    @Test
    void otherNeedlesLieBehindSentencesInsideTheWantedLength() {
        List<Integer> hay = List.of(0, 5, 9, 5, 5, 9, 5, 5, 5, 9);
        var parts =
                new NeedleRun.Parts(hay, List.of(7, 9), List.of(List.of(1, 9), List.of(2, 9)), List.of(3), List.of(7));

        NeedleRun run = NeedleRun.of(parts, 14, 0.5, 9);

        assertThat(run.prompt()).containsExactly(0, 5, 9, 1, 9, 7, 9, 5, 5, 9, 2, 9, 5, 3);
        assertThat(run.needleFrom()).isEqualTo(5);
    }

    /** The five heads that attend to needles most; heads that score nothing are the controls. */
    @Test
    void shippedModelIsAskedUnderEveryNumberOfHeads() {
        Findings found = run(Map.of(
                "lengths", "128", "depths", "2", "detection", "2", "needles", "4", "masked", "5,1", "controls", "9"));
        List<List<Object>> rows = table(found, CausalPanels.TABLE).rows();

        assertThat(rows).extracting(row -> row.get(0)).containsExactly(1L, 5L);
        assertThat((double) rows.get(0).get(2)).isGreaterThan(0.9);
        assertThat(rows).allSatisfy(row -> assertThat((double) row.get(8)).isBetween(0.1, 1.0));
        assertThat((double) rows.get(1).get(6)).as("random heads").isGreaterThan(0.8);
        Curve curve = (Curve) found.panels().get(0);
        assertThat(curve.lines().get(0).x()).containsExactly(0.0, 1.0, 5.0);
        assertThat(curve.lines().get(0).y().get(2))
                .isCloseTo((double) rows.get(1).get(3), within(1e-12));
        assertThat(((Curve) found.panels().get(2)).lines()).hasSize(2);
        assertThat(table(found, CausalPanels.HOW).rows().get(0).subList(0, 3))
                .containsExactly(
                        "uniform", "attention 1/n over the n visible keys", "where answer tokens are produced");
        assertThat(found.receipts())
                .anySatisfy(receipt -> assertThat(receipt.fired()).isPositive());
    }

    @ParameterizedTest
    @EnumSource(NeedleMask.Where.class)
    void whatCannotBeTestedIsRefused(NeedleMask.Where where) {
        assertThatThrownBy(() -> run(Map.of(
                        "lengths",
                        "64",
                        "depths",
                        "1",
                        "needles",
                        "1",
                        "masked",
                        "48",
                        "where",
                        where.name().toLowerCase(Locale.ROOT))))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("below 0.1");
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            var parameters =
                    ParameterBinder.of(RetrievalCausal.Parameters.class).bind(Map.of());
            assertThatThrownBy(() -> new RetrievalCausal().run(IdContexts.of(model), parameters, Progress.none()))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("token ids only");
        }
    }

    private static List<MaskUnit> heads(String... labels) {
        List<MaskUnit> heads = new ArrayList<>();
        for (String label : labels) {
            heads.add(MaskUnit.head(label.charAt(0) - '0', label.charAt(2) - '0'));
        }
        return heads;
    }

    private static AnalysisContext context() {
        SessionPrompts prompts = new SessionPrompts(Session.of(world));
        return new AnalysisContext(world, prompts, List.of(), 4, SweepJournal.none());
    }

    private static Findings run(Map<String, String> given) {
        var parameters = ParameterBinder.of(RetrievalCausal.Parameters.class).bind(new HashMap<>(given));
        return new RetrievalCausal().run(context(), parameters, Progress.none());
    }

    private static Table table(Findings found, String title) {
        return (Table) found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
