package org.headscope.analysis.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.SampleResults;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.store.StoreException.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTableTest {
    private static final SweepJournal.Batch BATCH = new SweepJournal.Batch(3, List.of(1.5, Double.NaN, -0.0));

    @TempDir
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private WorkspaceStore store;

    @BeforeEach
    void open() {
        store = WorkspaceStore.open(folder.resolve("workspace.hsw"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private RunTable runs() {
        return store.runs();
    }

    private RunStatus status(long id) {
        return runs().find(id).orElseThrow().state().status();
    }

    private long running() {
        long id = runs().queue(Samples.spec("a"));
        runs().start(id);
        return id;
    }

    private Path resultFolder() {
        return folder.resolve("workspace.hsw-results");
    }

    @Test
    void aRunKeepsWhatIsNeededToRepeatIt() {
        RunSpec spec = Samples.spec("head-ablation");
        long id = runs().queue(spec);
        assertThat(runs().find(id).orElseThrow().spec()).isEqualTo(spec);
    }

    @Test
    void aFinishedRunHasItsResultReceiptsAndDuration() {
        long id = running();
        Result result = SampleResults.random(5);
        runs().finish(id, result);
        StoredRun run = runs().find(id).orElseThrow();
        assertThat(run.state().status()).isEqualTo(RunStatus.DONE);
        assertThat(run.state().seconds()).isEqualTo(1.25);
        assertThat(run.state().started()).isPresent();
        assertThat(run.state().finished()).isPresent();
        assertThat(run.receipts()).isEqualTo(result.receipts());
        assertThat(runs().result(id)).contains(result);
    }

    @Test
    void anUnfinishedRunHasNoResultAndNoDuration() {
        long id = running();
        assertThat(runs().result(id)).isEmpty();
        assertThat(runs().find(id).orElseThrow().hasResult()).isFalse();
        assertThat(runs().find(id).orElseThrow().state().seconds()).isNaN();
    }

    @Test
    void aSmallResultStaysInTheDatabase() {
        long id = running();
        runs().finish(id, SampleResults.random(5));
        assertThat(resultFolder()).doesNotExist();
    }

    @Test
    void aLargeResultIsAFileBesideTheDatabase() throws IOException {
        long id = running();
        runs().finish(id, Samples.large());
        try (Stream<Path> files = Files.list(resultFolder())) {
            assertThat(files).containsExactly(resultFolder().resolve("run-" + id + ".json"));
        }
        assertThat(runs().result(id)).contains(Samples.large());
    }

    @Test
    void aResultWithFewNumbersAndMuchTextIsAFileToo() {
        List<List<Object>> rows = Collections.nCopies(20_000, List.of("a row of words"));
        Table table = new Table("words", List.of(Table.Column.text("text")), rows);
        long id = running();
        runs().finish(id, new Result("Words", List.of(table), List.of(), SampleResults.provenance(1)));
        assertThat(resultFolder()).exists();
        assertThat(runs().result(id).orElseThrow().panels()).containsExactly(table);
    }

    @Test
    void aLargeResultWhoseFileIsGoneIsATypedError() throws IOException {
        long id = running();
        runs().finish(id, Samples.large());
        Files.delete(resultFolder().resolve("run-" + id + ".json"));
        assertThatThrownBy(() -> runs().result(id))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISSING));
    }

    @Test
    void purgingADeletedRunRemovesItsFile() {
        long id = running();
        runs().finish(id, Samples.large());
        runs().delete(id);
        assertThat(store.purge(Instant.now().plusSeconds(1))).isEqualTo(1);
        assertThat(resultFolder().resolve("run-" + id + ".json")).doesNotExist();
        assertThat(runs().find(id)).isEmpty();
    }

    @Test
    void aDeletedRunIsHiddenUntilItIsRestored() {
        long id = running();
        runs().delete(id);
        assertThat(runs().recent(10)).isEmpty();
        runs().restore(id);
        assertThat(runs().recent(10)).extracting(StoredRun::id).containsExactly(id);
    }

    @Test
    void runsAreListedNewestFirst() {
        long first = runs().queue(Samples.spec("a"));
        long second = runs().queue(Samples.spec("b"));
        assertThat(runs().recent(10)).extracting(StoredRun::id).containsExactly(second, first);
        assertThat(runs().recent(1)).extracting(StoredRun::id).containsExactly(second);
    }

    @Test
    void aFailedRunSaysWhyAndCanBeStartedAgain() {
        long id = running();
        runs().fail(id, "NaN weights in blocks.0");
        assertThat(runs().find(id).orElseThrow().state().message()).isEqualTo("NaN weights in blocks.0");
        runs().start(id);
        assertThat(runs().find(id).orElseThrow().state().message()).isEmpty();
        assertThat(status(id)).isEqualTo(RunStatus.RUNNING);
    }

    @Test
    void aRunThatIsDoneCannotBeFinishedTwice() {
        long id = running();
        runs().finish(id, SampleResults.random(5));
        assertThatThrownBy(() -> runs().finish(id, SampleResults.random(6)))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is done and cannot become done");
        assertThat(runs().result(id)).contains(SampleResults.random(5));
    }

    @Test
    void aRunThatIsRunningCannotBeStarted() {
        long id = running();
        assertThatThrownBy(() -> runs().start(id))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STATE));
    }

    @Test
    void aRunThatDoesNotExistIsATypedError() {
        assertThatThrownBy(() -> runs().start(77))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISSING));
        assertThatThrownBy(() -> runs().result(77)).isInstanceOf(StoreException.class);
    }

    @Test
    void batchesSurviveCancellingSoThatASweepCanGoOn() {
        long id = running();
        store.sweeps().journal(id).store("z", BATCH);
        runs().cancel(id);
        runs().start(id);
        assertThat(store.sweeps().journal(id).stored("z")).containsExactly(BATCH);
    }

    @Test
    void batchesOfOneSweepAreNotThoseOfAnother() {
        SweepJournal journal = store.sweeps().journal(running());
        journal.store("z", BATCH);
        assertThat(journal.stored("q")).isEmpty();
        assertThat(store.sweeps().journal(running()).stored("z")).isEmpty();
    }

    @Test
    void batchesComeBackInTheOrderOfTheirCells() {
        SweepJournal journal = store.sweeps().journal(running());
        journal.store("z", new SweepJournal.Batch(12, List.of(2.0)));
        journal.store("z", new SweepJournal.Batch(0, List.of(1.0)));
        assertThat(journal.stored("z"))
                .extracting(SweepJournal.Batch::firstCell)
                .containsExactly(0, 12);
    }

    @Test
    void aFinishedRunForgetsItsBatches() {
        long id = running();
        store.sweeps().journal(id).store("z", BATCH);
        runs().finish(id, SampleResults.random(5));
        assertThat(store.sweeps().journal(id).stored("z")).isEmpty();
    }

    @Test
    void aRunLeftRunningByAnOpeningThatIsGoneIsInterrupted() {
        long id = running();
        store.close();
        open();
        assertThat(status(id)).isEqualTo(RunStatus.INTERRUPTED);
        assertThat(runs().withStatus(RunStatus.INTERRUPTED))
                .extracting(StoredRun::id)
                .containsExactly(id);
    }

    @Test
    void aRunOfAnotherOpeningThatIsStillThereIsLeftRunning() {
        long id = running();
        try (WorkspaceStore other = WorkspaceStore.open(store.file())) {
            assertThat(other.runs().find(id).orElseThrow().state().status()).isEqualTo(RunStatus.RUNNING);
        }
    }
}
