package org.headscope.app.workbench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.headscope.hooks.handbuilt.InductionFolder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which prompt a model begins with. */
@Tag("engine")
class WorkbenchTest {
    @TempDir
    Path folder;

    private final TestBench table = new TestBench(Runnable::run);

    @BeforeEach
    void write() throws IOException {
        InductionFolder.write(folder);
        card("{\"prompt\": \"apple bird apple\"}");
    }

    @AfterEach
    void close() {
        table.close();
    }

    @Test
    void modelBringsItsStartPrompt() {
        open();

        assertThat(table.bench.promptProperty().get()).isEqualTo("apple bird apple");
    }

    @Test
    void startPromptThatWasNotTouchedGoesWithItsModel() throws IOException {
        open();
        card("{\"prompt\": \"cloud door cloud\"}");
        open();

        assertThat(table.bench.promptProperty().get()).isEqualTo("cloud door cloud");
    }

    @Test
    void typedPromptStays() {
        table.bench.promptProperty().set("door bird");
        open();

        assertThat(table.bench.promptProperty().get()).isEqualTo("door bird");
    }

    @Test
    void modelThatSaysNothingLeavesThePromptAsItIs() throws IOException {
        Files.delete(folder.resolve("headscope.json"));
        open();

        assertThat(table.bench.promptProperty().get()).isEmpty();
    }

    @Test
    void brokenCardIsToldAndTheOpenModelStays() throws IOException {
        open();
        OpenModel before = table.bench.modelProperty().get();
        card("{\"prompt\": 7}");
        table.bench.open(folder);

        waitFor(() -> !table.bench.modelErrorProperty().get().isEmpty());
        assertThat(table.bench.modelErrorProperty().get()).contains("headscope.json", "its prompt is 7");
        assertThat(table.bench.modelProperty().get()).isSameAs(before);
    }

    /** Callbacks run on the working threads here, so nothing may be under way when the table is closed. */
    private void open() {
        table.bench.show(OpenModel.load(folder));
        waitFor(() -> table.bench.promptProperty().get().isEmpty()
                || table.bench.runProperty().get() != null);
    }

    private static void waitFor(BooleanSupplier condition) {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean() && System.nanoTime() < patience) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private void card(String text) throws IOException {
        Files.writeString(folder.resolve("headscope.json"), text);
    }
}
