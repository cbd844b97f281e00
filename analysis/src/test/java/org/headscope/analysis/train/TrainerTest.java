package org.headscope.analysis.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains models of a few thousand weights for a few seconds. */
class TrainerTest {
    private static final Recipe RECIPE = new Recipe(32, 2, 4, 2, 64);
    private static final Plan PLAN = new Plan(40, 256, 4e-2, 3);
    private static final Trainer.Rhythm RHYTHM = new Trainer.Rhythm(10, 20, 4);
    private static final List<String> PREPARED = List.of("config.json", "tokenizer.json", "tokenizer_config.json");

    /** A training that was never stopped. */
    @TempDir
    static Path whole;

    @TempDir
    Path folder;

    @BeforeAll
    static void train() {
        new Trainer(RECIPE, PLAN, RHYTHM, whole).run(Progress.none());
    }

    /** Stops, in one way or the other, after some step. */
    private record Stopping(LongPredicate cancel, LongPredicate crash, long[] last, List<String> shown)
            implements Progress {
        static Stopping cancelAfter(long step) {
            return new Stopping(done -> done == step, done -> false, new long[1], new ArrayList<>());
        }

        static Stopping crashAfter(long step) {
            return new Stopping(done -> false, done -> done == step, new long[1], new ArrayList<>());
        }

        @Override
        public void report(long done, long total, String message) {
            assertThat(total).isEqualTo(PLAN.steps());
            assertThat(message).matches("loss \\d+\\.\\d{3}");
            last[0] = done;
            if (crash.test(done)) {
                throw new IllegalStateException("the lights went out");
            }
        }

        @Override
        public boolean isCancelled() {
            return cancel.test(last[0]);
        }

        @Override
        public void partial(Panel panel) {
            shown.add(panel.title());
        }
    }

    private void prepare() throws IOException {
        for (String file : PREPARED) {
            Files.copy(whole.resolve(file), folder.resolve(file));
        }
    }

    private Trainer trainer() {
        return new Trainer(RECIPE, PLAN, RHYTHM, folder);
    }

    private static List<double[]> table(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .skip(1)
                .map(line -> Arrays.stream(line.split(",", -1))
                        .mapToDouble(Double::parseDouble)
                        .toArray())
                .toList();
    }

    /** Everything but the seconds. */
    private static List<String> losses(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("loss.csv")).stream()
                .map(line -> line.substring(0, line.lastIndexOf(',')))
                .toList();
    }

    @Test
    void theLossFalls() throws IOException {
        List<double[]> rows = table(whole.resolve("loss.csv"));
        double first = meanLoss(rows.subList(0, 5));
        assertThat(first).isBetween(5.5, 8.5);
        // Later rows hold random tokens, which a few steps do not teach.
        assertThat(meanLoss(rows.subList(20, 26))).isPositive().isLessThan(first - 0.7);
    }

    private static double meanLoss(List<double[]> rows) {
        return rows.stream().mapToDouble(row -> row[2]).average().orElseThrow();
    }

    @Test
    void everyStepIsLoggedOnceWithWhatThePlanSays() throws IOException {
        List<double[]> rows = table(whole.resolve("loss.csv"));
        assertThat(rows)
                .extracting(row -> (long) row[0])
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 40).boxed().toList());
        for (double[] row : rows) {
            long step = (long) row[0] - 1;
            assertThat(row[1]).isEqualTo(PLAN.rowLength(step));
            assertThat(row[4]).isEqualTo(Math.round(PLAN.rate(step) * 1e6) / 1e6);
        }
        assertThat(rows).extracting(row -> row[5]).isSorted();
    }

    @Test
    void examsAreHeldOnTimeAndAgreeWithTheSavedModel() throws IOException {
        List<String> lines = Files.readAllLines(whole.resolve("accuracy.csv"));
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0).split(",", -1))
                .startsWith("step")
                .endsWith(TaskRegistry.all().stream()
                        .map(task -> task.info().id())
                        .toArray(String[]::new));
        assertThat(table(whole.resolve("accuracy.csv")))
                .extracting(row -> row[0])
                .containsExactly(20.0, 40.0);
        assertThat(lines.get(2)).isEqualTo("40" + examOfTheSavedModel());
    }

    private static String examOfTheSavedModel() {
        StringBuilder line = new StringBuilder();
        try (HookedTransformer model = ModelLoader.load(whole)) {
            TaskEncoder encoder = new TaskEncoder(Objects.requireNonNull(model.tokenizer()), BosPolicy.AUTO);
            for (TaskGenerator task : TaskRegistry.all()) {
                List<EncodedExample> examples = encoder.draw(task, Split.HELD_OUT, 4, 77);
                long right = new TaskExam(model, List.of())
                        .ask(examples, Progress.none()).stream()
                                .filter(TaskExam.Answer::right)
                                .count();
                line.append(String.format(Locale.ROOT, ",%.3f", right / 4.0));
            }
        }
        return line.toString();
    }

    @Test
    void aTrainingThatWasCancelledTwiceEndsAsIfItHadNot() throws IOException {
        prepare();
        for (long step : new long[] {7, 23}) {
            Stopping stopping = Stopping.cancelAfter(step);
            assertThatThrownBy(() -> trainer().run(stopping)).isInstanceOf(CancelledException.class);
            assertThat(losses(folder)).hasSize((int) step + 1);
            // There is an exam after twenty steps.
            assertThat(stopping.shown())
                    .isEqualTo(step == 23 ? List.of(TrainingCurves.LOSS, TrainingCurves.ACCURACY) : List.of());
            assertThat(folder.resolve("model.safetensors")).doesNotExist();
        }
        trainer().run(Progress.none());
        endedAsTheWholeOne();
    }

    @Test
    void aTrainingThatBrokeDownGoesOnFromItsLastSavedState() throws IOException {
        prepare();
        assertThatThrownBy(() -> trainer().run(Stopping.crashAfter(27)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("lights");
        assertThat(losses(folder)).hasSize(28);
        Stopping second = Stopping.cancelAfter(22);
        assertThatThrownBy(() -> trainer().run(second)).isInstanceOf(CancelledException.class);
        assertThat(losses(folder)).hasSize(23);
        trainer().run(Progress.none());
        endedAsTheWholeOne();
    }

    private void endedAsTheWholeOne() throws IOException {
        for (String file : List.of("model.safetensors", "state.safetensors", "accuracy.csv")) {
            assertThat(folder.resolve(file)).hasSameBinaryContentAs(whole.resolve(file));
        }
        assertThat(losses(folder)).isEqualTo(losses(whole));
    }

    @Test
    void aFinishedTrainingStaysAsItIs() throws IOException {
        prepare();
        for (String file : List.of("state.safetensors", "loss.csv", "accuracy.csv")) {
            Files.copy(whole.resolve(file), folder.resolve(file));
        }
        trainer().run(Progress.none());
        endedAsTheWholeOne();
    }

    @Test
    void aDamagedStateIsNamedAndLeftAlone() throws IOException {
        prepare();
        Path state = folder.resolve("state.safetensors");
        byte[] sound = Files.readAllBytes(whole.resolve("state.safetensors"));
        byte[] half = Arrays.copyOf(sound, sound.length / 2);
        Files.write(state, half);
        assertThatThrownBy(() -> trainer().run(Progress.none()))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(state.toString())
                .hasMessageContaining("start anew");
        assertThat(state).hasBinaryContent(half);
    }

    @Test
    void aFolderWithAnotherModelIsRefusedAndLeftAlone() throws IOException {
        prepare();
        Path config = folder.resolve("config.json");
        Recipe wider = new Recipe(48, 2, 4, 2, 64);
        assertThatThrownBy(() -> new Trainer(wider, PLAN, RHYTHM, folder).run(Progress.none()))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(config.toString())
                .hasMessageContaining("another model");
        assertThat(config).hasSameBinaryContentAs(whole.resolve("config.json"));
        Files.writeString(config, "{");
        assertThatThrownBy(() -> trainer().run(Progress.none()))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining(config + " cannot be read");
    }

    @Test
    void aRhythmMustBePositive() {
        for (int[] bad : new int[][] {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}}) {
            assertThatThrownBy(() -> new Trainer.Rhythm(bad[0], bad[1], bad[2])).isInstanceOf(HeadscopeException.class);
        }
    }
}
