package org.headscope.analysis.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.headscope.analysis.store.StoreException.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SQLite says when a disk is full or read-only, brought about by its own limits. */
class DiskTroubleTest {
    @TempDir
    private Path folder;

    private Database open() {
        Database database = Database.open(folder.resolve("workspace.hsw"));
        Migrations.shipped().apply(database);
        return database;
    }

    private static void limit(Database database, String pragma) {
        database.read(connection -> Sql.list(connection, "PRAGMA " + pragma, row -> row.getString(1)));
    }

    @Test
    void aFullDiskIsATypedErrorAndLosesNothing() {
        try (Database database = open()) {
            NoteTable notes = new NoteTable(database);
            notes.add(OptionalLong.empty(), "", "stored before");
            limit(database, "max_page_count = 1");
            StoreException full = catchThrowableOfType(
                    StoreException.class, () -> notes.add(OptionalLong.empty(), "", "x".repeat(1 << 20)));
            assertThat(full.reason()).isEqualTo(Reason.FULL);
            assertThat(full).hasMessageContaining("Free some space");
            limit(database, "max_page_count = 100000");
            notes.add(OptionalLong.empty(), "", "stored after");
            assertThat(notes.all())
                    .extracting(NoteTable.StoredNote::body)
                    .containsExactly("stored after", "stored before");
        }
    }

    @Test
    void aReadOnlyFileIsATypedErrorAndCanStillBeRead() {
        try (Database database = open()) {
            MaskTable masks = new MaskTable(database);
            masks.save("a", Samples.json("version", 1));
            database.read(connection -> {
                Sql.execute(connection, "PRAGMA query_only = ON");
                return true;
            });
            StoreException refused =
                    catchThrowableOfType(StoreException.class, () -> masks.save("b", Samples.json("version", 1)));
            assertThat(refused.reason()).isEqualTo(Reason.READ_ONLY);
            assertThat(masks.all()).hasSize(1);
        }
    }

    @Test
    void aTransactionThatFailsHalfWayLeavesNothingBehind() {
        try (Database database = open()) {
            MaskTable masks = new MaskTable(database);
            masks.save("a", Samples.json("version", 1));
            StoreException broken = catchThrowableOfType(
                    StoreException.class,
                    () -> database.write(connection -> {
                        Sql.update(connection, "DELETE FROM masks");
                        return Sql.update(connection, "INSERT INTO nowhere VALUES (1)");
                    }));
            assertThat(broken).isNotNull();
            assertThat(masks.all()).extracting(MaskTable.StoredMask::name).isEqualTo(List.of("a"));
        }
    }
}
