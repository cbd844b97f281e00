package org.headscope.analysis.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.headscope.analysis.result.SampleResults;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.store.StoreException.Reason;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkspaceStoreTest {
    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("deep/workspace.hsw");
    }

    private WorkspaceStore open() {
        return WorkspaceStore.open(file);
    }

    private Reason refusal() {
        return catchThrowableOfType(StoreException.class, this::open).reason();
    }

    @Test
    void aNewWorkspaceIsMadeWithItsFolder() {
        try (WorkspaceStore store = open()) {
            assertThat(store.runs().recent(10)).isEmpty();
        }
        assertThat(file).isRegularFile();
    }

    @Test
    void whatWasStoredIsThereAfterReopening() {
        try (WorkspaceStore store = open()) {
            store.models().opened(SampleResults.provenance(1).model());
            store.prompts().add("IOI", Samples.json("clean", 1));
            store.masks().save("name movers", Samples.json("version", 1));
            store.notes().add(OptionalLong.empty(), "head 5.5", "induction");
        }
        try (WorkspaceStore store = open()) {
            assertThat(store.models().recent(5)).singleElement().satisfies(stored -> assertThat(stored.model())
                    .isEqualTo(SampleResults.provenance(1).model()));
            assertThat(store.prompts().all()).singleElement().satisfies(stored -> assertThat(stored.body())
                    .isEqualTo(Samples.json("clean", 1)));
            assertThat(store.masks().find("name movers")).isPresent();
            assertThat(store.notes().all()).singleElement().satisfies(note -> assertThat(note.body())
                    .isEqualTo("induction"));
        }
    }

    @Test
    void aModelOpenedAgainIsListedOnce() {
        try (WorkspaceStore store = open()) {
            store.models().opened(SampleResults.provenance(1).model());
            store.models().opened(SampleResults.provenance(1).model());
            assertThat(store.models().recent(5)).hasSize(1);
        }
    }

    @Test
    void deletedEntriesAreHiddenAndCanBeRestored() {
        try (WorkspaceStore store = open()) {
            long id = store.masks().save("a", Samples.json("version", 1));
            store.masks().delete(id);
            assertThat(store.masks().all()).isEmpty();
            store.masks().restore(id);
            assertThat(store.masks().all()).extracting(MaskTable.StoredMask::id).containsExactly(id);
        }
    }

    @Test
    void savingUnderAUsedNameReplacesTheMask() {
        try (WorkspaceStore store = open()) {
            store.masks().save("a", Samples.json("version", 1));
            store.masks().save("a", Samples.json("version", 2));
            assertThat(store.masks().all())
                    .extracting(MaskTable.StoredMask::body)
                    .containsExactly(Samples.json("version", 2));
        }
    }

    @Test
    void restoringAMaskWhoseNameIsTakenIsRefused() {
        try (WorkspaceStore store = open()) {
            long old = store.masks().save("a", Samples.json("version", 1));
            store.masks().save("a", Samples.json("version", 2));
            assertThatThrownBy(() -> store.masks().restore(old))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.STATE));
        }
    }

    @Test
    void deletingWhatIsNotThereIsAnError() {
        try (WorkspaceStore store = open()) {
            assertThatThrownBy(() -> store.notes().delete(7))
                    .isInstanceOfSatisfying(
                            StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MISSING));
        }
    }

    @Test
    void purgingRemovesOnlyWhatWasDeleted() {
        try (WorkspaceStore store = open()) {
            long gone = store.notes().add(OptionalLong.empty(), "", "old");
            store.notes().add(OptionalLong.empty(), "", "kept");
            store.notes().delete(gone);
            assertThat(store.purge(Instant.now().plusSeconds(1))).isEqualTo(1);
            assertThat(store.notes().all())
                    .extracting(NoteTable.StoredNote::body)
                    .containsExactly("kept");
            assertThatThrownBy(() -> store.notes().restore(gone)).isInstanceOf(StoreException.class);
        }
    }

    @Test
    void aNoteAboutARunThatDoesNotExistIsRefused() {
        try (WorkspaceStore store = open()) {
            assertThatThrownBy(() -> store.notes().add(OptionalLong.of(99), "", "x"))
                    .isInstanceOf(StoreException.class);
        }
    }

    @Test
    void aWorkspaceOfANewerHeadscopeIsRefusedAndLeftAsItIs() throws IOException {
        open().close();
        Samples.behindItsBack(file, "PRAGMA user_version = 99");
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(this::open)
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("newer Headscope (version 99");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aDatabaseOfAnotherProgramIsRefusedAndLeftAsItIs() throws IOException {
        Files.createDirectories(folder.resolve("deep"));
        Samples.behindItsBack(file, "CREATE TABLE photos (id INTEGER)");
        byte[] before = Files.readAllBytes(file);
        assertThat(refusal()).isEqualTo(Reason.FOREIGN);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void aFileThatIsNoDatabaseIsRefusedAndLeftAsItIs() throws IOException {
        Files.createDirectories(folder.resolve("deep"));
        byte[] text = "dear diary, ".repeat(200).getBytes(StandardCharsets.UTF_8);
        Files.write(file, text);
        assertThat(refusal()).isEqualTo(Reason.CORRUPT);
        assertThat(Files.readAllBytes(file)).isEqualTo(text);
    }

    /** Overwrites pages of a real workspace: it opens unharmed or is refused as damaged, and is never shortened. */
    @Test
    void aDamagedWorkspaceIsRefusedAndNothingIsDeleted() throws IOException {
        try (WorkspaceStore store = open()) {
            for (int i = 0; i < 200; i++) {
                store.notes().add(OptionalLong.empty(), "subject " + i, "body ".repeat(50));
            }
        }
        byte[] good = Files.readAllBytes(file);
        int refused = 0;
        for (int seed = 0; seed < 20; seed++) {
            byte[] bad = good.clone();
            Random random = new Random(seed);
            int start = 4096 + random.nextInt(bad.length - 8192);
            for (int i = 0; i < 2048; i++) {
                bad[start + i] = (byte) random.nextInt(256);
            }
            Files.write(file, bad);
            try (WorkspaceStore store = open()) {
                assertThat(store.file()).isEqualTo(file);
            } catch (StoreException e) {
                assertThat(e.reason()).isEqualTo(Reason.CORRUPT);
                assertThat(Files.readAllBytes(file)).isEqualTo(bad);
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(10);
    }

    @Test
    void aFolderThatCannotBeMadeIsATypedError() throws IOException {
        Files.writeString(folder.resolve("deep"), "a file where a folder is needed");
        assertThat(refusal()).isEqualTo(Reason.READ_ONLY);
    }

    @Test
    void aFolderInPlaceOfTheFileIsATypedError() throws IOException {
        Files.createDirectories(file);
        assertThat(refusal()).isEqualTo(Reason.READ_ONLY);
    }

    @Test
    void useAfterClosingIsATypedError() {
        WorkspaceStore store = open();
        store.close();
        store.close();
        assertThatThrownBy(() -> store.runs().recent(1))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.reason()).isEqualTo(Reason.CLOSED));
    }

    @Test
    void manyThreadsWriteWithoutLosingAnything() throws Exception {
        int threads = 8;
        int batches = 25;
        try (WorkspaceStore store = open()) {
            long run = store.runs().queue(Samples.spec("sweep"));
            SweepJournal journal = store.sweeps().journal(run);
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Callable<Integer>> jobs = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int first = t * batches;
                jobs.add(() -> {
                    for (int i = first; i < first + batches; i++) {
                        journal.store("z", new SweepJournal.Batch(i, List.of((double) i)));
                        store.runs().recent(1);
                    }
                    return first;
                });
            }
            for (Future<Integer> job : pool.invokeAll(jobs)) {
                job.get();
            }
            pool.shutdown();
            assertThat(journal.stored("z")).hasSize(threads * batches).allSatisfy(batch -> assertThat(batch.values())
                    .containsExactly((double) batch.firstCell()));
        }
    }

    @Test
    void twoOpeningsOfOneWorkspaceSeeEachOthersChanges() {
        try (WorkspaceStore window = open();
                WorkspaceStore commandLine = open()) {
            long run = commandLine.runs().queue(Samples.spec("a"));
            assertThat(window.runs().find(run)).isPresent();
        }
    }
}
