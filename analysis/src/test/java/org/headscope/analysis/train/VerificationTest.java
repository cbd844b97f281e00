package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.StandIn;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskInfo;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.TaskScore;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("engine")
class VerificationTest {
    private static final TaskInfo TASK = new TaskInfo("any", "Any", "Anything.", "nowhere");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"475, 0.95, false", "474, 0.95, true", "449, 0.9, true", "450, 0.9, false"})
    void goalIsMissedBelowItAndReachedAtIt(int right, double goal, boolean missed) {
        TaskScore score = new TaskScore(500, right, 0.1);

        assertThat(new Verification.Row(TASK, score, "", OptionalDouble.of(goal)).missed())
                .isEqualTo(missed);
        assertThat(new Verification.Row(TASK, score, "", OptionalDouble.empty()).missed())
                .isFalse();
    }

    @Test
    void everyTaskButTheStoryHasAGoal() {
        assertThat(TaskRegistry.all())
                .allSatisfy(task -> assertThat(Goals.of(task.info().id()).isPresent())
                        .as(task.info().id())
                        .isEqualTo(!task.info().id().equals("story")));
    }

    @Test
    void everyTaskIsAskedOnItsHeldOutExamples() {
        StandIn.saying(folder, " A");
        List<Long> progress = new ArrayList<>();
        try (HookedTransformer model = ModelLoader.load(folder)) {
            TaskEncoder encoder = TaskEncoder.of(model, BosPolicy.AUTO);
            List<Verification.Row> rows =
                    new Verification(encoder, new TaskExam(model, List.of()), 12, 4).run(collect(progress));

            assertThat(rows)
                    .extracting(row -> row.task().id())
                    .containsExactlyElementsOf(TaskRegistry.all().stream()
                            .map(TaskGenerator::info)
                            .map(TaskInfo::id)
                            .toList());
            for (Verification.Row row : rows) {
                TaskGenerator task = TaskRegistry.require(row.task().id());
                long expected = encoder.draw(task, Split.HELD_OUT, 12, 4).stream()
                        .filter(example -> example.example().answers().contains(" A"))
                        .count();
                assertThat(row.score()).isNotNull();
                assertThat(row.score().right()).as(row.task().id()).isEqualTo((int) expected);
            }
        }
        assertThat(progress).isSorted().endsWith(14L * 12);
    }

    @Test
    void modelWithoutTheWordsMissesEveryGoalAndSaysWhy() {
        Path shipped = Path.of(System.getProperty("headscope.assets"), "models", InductionModel.NAME);
        try (HookedTransformer model = ModelLoader.load(shipped)) {
            List<Verification.Row> rows = new Verification(
                            TaskEncoder.of(model, BosPolicy.AUTO), new TaskExam(model, List.of()), 5, 0)
                    .run(Progress.none());

            assertThat(rows).allSatisfy(row -> assertThat(row.refusal()).contains("token"));
            assertThat(rows.stream().filter(Verification.Row::missed)).hasSize(13);
        }
    }

    private static Progress collect(List<Long> reports) {
        return new Progress() {
            @Override
            public void report(long done, long total, String message) {
                assertThat(total).isEqualTo(14 * 12);
                reports.add(done);
            }

            @Override
            public boolean isCancelled() {
                return false;
            }

            @Override
            public void partial(Panel panel) {}
        };
    }
}
