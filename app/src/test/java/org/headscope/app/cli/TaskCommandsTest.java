package org.headscope.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.TaskScore;
import org.headscope.app.testing.StandIn;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands around tasks, on a random model with the bundled vocabulary. */
@Tag("engine")
class TaskCommandsTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    static Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void write() {
        StandIn.write(folder);
    }

    private int run(String... args) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return HeadscopeCli.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void allTasksAreListedWithWhatTheyAskAndWhereTheyComeFrom() throws IOException {
        assertThat(run("tasks", "--json")).isZero();

        JsonNode list = JSON.readTree(out.toString());
        assertThat(list.findValuesAsText("id")).hasSize(14).contains("ioi", "needle", "story");
        assertThat(run("tasks")).isZero();
        assertThat(out.toString()).contains("Indirect object", "Name the person who was mentioned once", "2211.00593");
    }

    @Test
    void examplesAreThoseOfTheSeedAndThePart() throws IOException {
        assertThat(run("tasks", "ioi", "-n", "3", "--held-out", "--seed", "7", "-m", folder.toString(), "--json"))
                .as(err.toString())
                .isZero();

        JsonNode examples = JSON.readTree(out.toString()).path("examples");
        try (HookedTransformer model = ModelLoader.load(folder)) {
            List<EncodedExample> drawn =
                    TaskEncoder.of(model, BosPolicy.AUTO).draw(TaskRegistry.require("ioi"), Split.HELD_OUT, 3, 7);
            assertThat(examples.findValuesAsText("clean"))
                    .containsExactlyElementsOf(
                            drawn.stream().map(one -> one.example().prompt()).toList());
            assertThat(examples.findValuesAsText("corrupt"))
                    .containsExactlyElementsOf(
                            drawn.stream().map(one -> one.example().corrupt()).toList());
            assertThat(examples.at("/0/answers/0").asText())
                    .isEqualTo(drawn.get(0).example().answers().get(0));
            assertThat(examples.at("/0/tokens").asInt()).isEqualTo(drawn.get(0).length());
        }
    }

    @Test
    void examplesForPeopleShowAFewOfManyAnswers() {
        assertThat(run("tasks", "greater-than", "-n", "1", "-m", folder.toString()))
                .isZero();

        assertThat(out.toString())
                .contains("clean    ", "corrupt  ", "train examples for ")
                .containsPattern("and \\d+ more");
    }

    @Test
    void whatCannotBeAskedIsRefusedInWords() {
        assertThat(run("tasks", "ioi", "-m", "induction-2l")).isEqualTo(1);
        assertThat(err.toString()).contains("names are single tokens of this tokenizer", "Choose another task");
        assertThat(run("tasks", "juggling")).isEqualTo(1);
        assertThat(err.toString()).contains("no task 'juggling'", "repeat, phrase, ioi");
        assertThat(run("tasks", "ioi", "-n", "0")).isEqualTo(2);
        assertThat(run("verify", folder.toString(), "-n", "0")).isEqualTo(2);
    }

    @Test
    void verifyTellsTheAccuracyOfEveryTaskAndFailsWhenAGoalIsMissed() throws IOException {
        assertThat(run("verify", folder.toString(), "-n", "8", "--seed", "3", "--json"))
                .isEqualTo(1);

        JsonNode report = JSON.readTree(out.toString());
        assertThat(report.path("passed").asBoolean()).isFalse();
        assertThat(report.path("split").asText()).isEqualTo("held-out");
        assertThat(report.path("hash").asText()).hasSize(64);
        assertThat(report.path("tasks")).hasSize(14);
        for (JsonNode line : report.path("tasks")) {
            TaskScore score = plain(line.path("task").asText());
            assertThat(line.at("/score/right").asInt()).isEqualTo(score.right());
            assertThat(line.at("/score/loss").asDouble()).isCloseTo(score.loss(), within(1e-6));
            assertThat(line.path("goal").isNull())
                    .isEqualTo(line.path("task").asText().equals("story"));
        }
    }

    private static TaskScore plain(String task) {
        try (HookedTransformer model = ModelLoader.load(folder)) {
            List<EncodedExample> examples =
                    TaskEncoder.of(model, BosPolicy.AUTO).draw(TaskRegistry.require(task), Split.HELD_OUT, 8, 3);
            return TaskExam.score(new TaskExam(model, List.of()).ask(examples, Progress.none()));
        }
    }

    @Test
    void verifyNamesWhatIsMissedAndWhatCannotBeAsked() {
        assertThat(run("verify", "induction-2l", "-n", "2")).isEqualTo(1);

        assertThat(out.toString())
                .contains(
                        "held-out examples, 2 per task · seed 0",
                        "ioi",
                        "cannot be asked",
                        "13 of 13 goals are missed");
    }
}
