package org.headscope.analysis.ablation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.TaskScore;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two analyses that switch heads off while a task is asked, against one exam per mask. */
@Tag("engine")
class TaskAblationTest {
    private static final long SEED = 3;
    private static final Intervention STANDING = off(0, 3);

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() {
        StandIn.random(folder.resolve("random"));
    }

    @Test
    void everyHeadCostsWhatAnExamWithoutItSays() {
        try (HookedTransformer model = ModelLoader.load(folder.resolve("random"))) {
            AnalysisContext context = context(model);
            Findings found = new TaskHeadAblation()
                    .run(context, new TaskHeadAblation.Parameters("ioi", Split.TRAIN, 12), Progress.none());
            HeadGrid grid = (HeadGrid) found.panels().get(0);
            List<EncodedExample> examples = drawn(model, "ioi", 12);
            double full = exam(model, examples, STANDING).loss();

            assertThat(examples.stream()
                            .mapToInt(EncodedExample::length)
                            .distinct()
                            .count())
                    .isGreaterThan(1);
            for (int layer = 0; layer < 2; layer++) {
                for (int head = 0; head < 4; head++) {
                    double without =
                            exam(model, examples, STANDING, off(layer, head)).loss();
                    assertThat(grid.grid().at(layer, head)).isCloseTo(without - full, within(1e-4));
                }
            }
            assertThat(grid.grid().at(0, 3)).isCloseTo(0, within(1e-5));
            assertThat((double) ((Table) found.panels().get(1)).rows().get(0).get(3))
                    .isCloseTo(full, within(1e-4));
            assertThat(found.receipts()).isNotEmpty().allSatisfy(receipt -> assertThat(receipt.fired())
                    .isPositive());
        }
    }

    @Test
    void setOfHeadsStandsNextToRandomSetsThatShareNoneOfThem() {
        try (HookedTransformer model = ModelLoader.load(folder.resolve("random"))) {
            Findings found = new HeadSetControl()
                    .run(
                            context(model),
                            new HeadSetControl.Parameters("agreement", List.of("0.1", " 1.2"), 6, Split.TRAIN, 40),
                            Progress.none());
            List<List<Object>> rows = ((Table) found.panels().get(0)).rows();
            List<EncodedExample> examples = drawn(model, "agreement", 40);
            TaskScore set = exam(model, examples, STANDING, off(0, 1), off(1, 2));

            assertThat(rows).hasSize(8);
            assertThat((double) rows.get(0).get(3))
                    .isCloseTo(exam(model, examples, STANDING).loss(), within(1e-4));
            assertThat(rows.get(1).get(1)).isEqualTo("0.1 1.2");
            assertThat((double) rows.get(1).get(2)).isEqualTo(set.accuracy());
            assertThat((double) rows.get(1).get(3)).isCloseTo(set.loss(), within(1e-4));
            long asHarmful = rows.stream()
                    .skip(2)
                    .filter(row -> (double) row.get(2) <= set.accuracy())
                    .count();
            assertThat((double) ((Table) found.panels().get(1)).rows().get(0).get(2))
                    .isEqualTo((1.0 + asHarmful) / 7);
            rows.stream().skip(2).forEach(row -> {
                List<String> heads = List.of(row.get(1).toString().split(" ", -1));
                assertThat(heads).hasSize(2).doesNotContain("0.1", "1.2");
                assertThat((double) row.get(3))
                        .isCloseTo(exam(model, examples, with(heads)).loss(), within(1e-4));
            });
        }
    }

    @Test
    void headsThatDoNotExistAreRefused() {
        try (HookedTransformer model = ModelLoader.load(folder.resolve("random"))) {
            for (List<String> heads : List.of(List.of("2.0"), List.of("0.4"), List.of("x"), List.<String>of())) {
                var parameters = new HeadSetControl.Parameters("ioi", heads, 1, Split.TRAIN, 1);
                assertThatThrownBy(() -> new HeadSetControl().run(context(model), parameters, Progress.none()))
                        .isInstanceOf(ParameterException.class)
                        .hasMessageContaining("layer.head");
            }
        }
    }

    private static Intervention off(int layer, int head) {
        return new Intervention.Ablate(new Target.Head(layer, head), new Ablation.Zero());
    }

    private static Intervention[] with(List<String> heads) {
        return Stream.concat(
                        Stream.of(STANDING),
                        heads.stream().map(head -> off(head.charAt(0) - '0', head.charAt(2) - '0')))
                .toArray(Intervention[]::new);
    }

    private static AnalysisContext context(HookedTransformer model) {
        SessionPrompts prompts = new SessionPrompts(Session.of(model).with(BosPolicy.AUTO));
        return new AnalysisContext(model, prompts, List.of(STANDING), SEED, SweepJournal.none());
    }

    private static List<EncodedExample> drawn(HookedTransformer model, String task, int count) {
        return TaskEncoder.of(model, BosPolicy.AUTO).draw(TaskRegistry.require(task), Split.TRAIN, count, SEED);
    }

    private static TaskScore exam(HookedTransformer model, List<EncodedExample> examples, Intervention... off) {
        return TaskExam.score(new TaskExam(model, List.of(off)).ask(examples, Progress.none()));
    }
}
