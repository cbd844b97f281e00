package org.headscope.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.headscope.app.Launcher;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class TrainCommandTest {
    private static final int PATIENCE_SECONDS = 300;

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        return HeadscopeCli.run(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void folderWithSomethingElseIsRefusedUntouched() throws IOException {
        Files.writeString(folder.resolve("config.json"), "{}");

        assertThat(run("train", "--out", folder.toString())).isEqualTo(1);

        assertThat(err.toString()).contains("something else", "config.json", "Choose a new or empty folder");
        assertThat(folder.toFile().list()).containsExactly("config.json");
    }

    @Test
    void numberOfStepsThatMakesNoSenseIsWrongUse() {
        assertThat(run("train", "--out", folder.toString(), "--steps", "0")).isEqualTo(2);
        assertThat(folder.toFile().list()).isEmpty();
    }

    /** Ends the process twice as Ctrl-C does: no step is lost, and none is made twice. */
    @Test
    @Tag("slow")
    void interruptedTrainingGoesOnWhereItWas() throws Exception {
        long first = trainUntil(3);
        assertThat(folder.resolve("state.safetensors")).isNotEmptyFile();
        assertThat(first).isLessThan(40);

        long second = trainUntil(first + 2);

        assertThat(steps())
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, second).boxed().toList());
        assertThat(run("train", "--out", folder.toString(), "--steps", "9")).isEqualTo(1);
        assertThat(err.toString()).contains("40 steps", "9 steps");
    }

    private long trainUntil(long step) throws Exception {
        Path said = elsewhere.resolve("said.txt");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dheadscope.assets=" + System.getProperty("headscope.assets"),
                        "-Dheadscope.home=" + System.getProperty("headscope.home"),
                        Launcher.class.getName(),
                        "train",
                        "--steps",
                        "40",
                        "--out",
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (steps().size() < step && process.isAlive() && System.nanoTime() < patience) {
            process.waitFor(200, TimeUnit.MILLISECONDS);
        }
        process.destroy();
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(said).content().contains("Stopped; the state is saved");
        return steps().size();
    }

    private List<Long> steps() throws IOException {
        Path losses = folder.resolve("loss.csv");
        return Files.exists(losses)
                ? Files.readAllLines(losses).stream()
                        .skip(1)
                        .map(line -> Long.valueOf(line.substring(0, line.indexOf(','))))
                        .toList()
                : List.of();
    }
}
