package org.headscope.analysis.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.headscope.analysis.spi.SweepJournal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process in the middle of a sweep and goes on where it left off. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KilledProcessTest {
    private static final int KILL_AFTER = 20;

    @TempDir
    private Path folder;

    /** What the killed process does: one run that stores batches for ever and says so after each. */
    static final class Sweeping {
        private Sweeping() {}

        public static void main(String[] arguments) {
            try (WorkspaceStore store = WorkspaceStore.open(Path.of(arguments[0]))) {
                long run = store.runs().queue(Samples.spec("sweep"));
                store.runs().start(run);
                SweepJournal journal = store.sweeps().journal(run);
                for (int cell = 0; ; cell++) {
                    journal.store("z", new SweepJournal.Batch(cell, List.of(cell * 0.5)));
                    System.out.println(cell);
                }
            }
        }
    }

    private Process start(Path file) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Sweeping.class.getName(),
                file.toString());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private int killInTheMiddle(Path file) throws IOException, InterruptedException {
        Process child = start(file);
        int reported = -1;
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null && reported < KILL_AFTER; line = lines.readLine()) {
                reported = Integer.parseInt(line);
            }
        } finally {
            child.destroyForcibly();
            child.waitFor();
        }
        return reported;
    }

    @Test
    void aKilledRunIsInterruptedAndItsReportedBatchesAreAllThere() throws Exception {
        Path file = folder.resolve("workspace.hsw");
        int reported = killInTheMiddle(file);
        assertThat(reported).isGreaterThanOrEqualTo(KILL_AFTER);
        try (WorkspaceStore store = WorkspaceStore.open(file)) {
            StoredRun run = store.runs().recent(1).get(0);
            assertThat(run.state().status()).isEqualTo(RunStatus.INTERRUPTED);
            List<SweepJournal.Batch> batches = store.sweeps().journal(run.id()).stored("z");
            assertThat(batches).hasSizeGreaterThan(reported);
            for (int i = 0; i < batches.size(); i++) {
                assertThat(batches.get(i)).isEqualTo(new SweepJournal.Batch(i, List.of(i * 0.5)));
            }
            store.runs().start(run.id());
            store.sweeps().journal(run.id()).store("z", new SweepJournal.Batch(batches.size(), List.of(1.0)));
            assertThat(store.sweeps().journal(run.id()).stored("z")).hasSize(batches.size() + 1);
        }
    }

    @Test
    void aRunOfALivingProcessIsNotTakenFromIt() throws Exception {
        Path file = folder.resolve("workspace.hsw");
        Process child = start(file);
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).isEqualTo("0");
            try (WorkspaceStore store = WorkspaceStore.open(file)) {
                StoredRun run = store.runs().recent(1).get(0);
                assertThat(run.state().status()).isEqualTo(RunStatus.RUNNING);
            }
        } finally {
            child.destroyForcibly();
            child.waitFor();
        }
    }
}
