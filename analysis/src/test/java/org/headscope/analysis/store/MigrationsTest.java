package org.headscope.analysis.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {
    private static final String FIRST =
            "-- a comment; with a semicolon\nCREATE TABLE a (x TEXT);\nINSERT INTO a VALUES ('1;2');\n";
    private static final String SECOND = "ALTER TABLE a ADD COLUMN y TEXT;\nUPDATE a SET y = x;";
    private static final String BROKEN = "UPDATE a SET x = 'changed';\nINSERT INTO nowhere VALUES (1);";

    @TempDir
    private Path folder;

    private Database open() {
        return Database.open(folder.resolve("workspace.hsw"));
    }

    private static long version(Database database) {
        return database.read(connection -> Sql.number(connection, "PRAGMA user_version"));
    }

    private static List<String> column(Database database, String name) {
        return database.read(connection -> Sql.list(connection, "SELECT " + name + " FROM a", row -> row.getString(1)));
    }

    @Test
    void everyStepIsRunOnceInOrder() {
        try (Database database = open()) {
            new Migrations(List.of(FIRST)).apply(database);
            assertThat(version(database)).isEqualTo(1);
            new Migrations(List.of(FIRST, SECOND)).apply(database);
            new Migrations(List.of(FIRST, SECOND)).apply(database);
            assertThat(version(database)).isEqualTo(2);
            assertThat(column(database, "y")).containsExactly("1;2");
        }
    }

    @Test
    void aStepThatFailsLeavesTheOldVersionWhole() {
        try (Database database = open()) {
            new Migrations(List.of(FIRST)).apply(database);
            Migrations broken = new Migrations(List.of(FIRST, BROKEN));
            assertThatThrownBy(() -> broken.apply(database)).isInstanceOf(StoreException.class);
            assertThat(version(database)).isEqualTo(1);
            assertThat(column(database, "x")).containsExactly("1;2");
        }
    }

    @Test
    void theShippedScriptsMakeAllTables() {
        try (Database database = open()) {
            Migrations.shipped().apply(database);
            List<String> tables = database.read(connection -> Sql.list(
                    connection,
                    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
                    row -> row.getString(1)));
            assertThat(tables).containsExactly("masks", "models", "notes", "prompts", "runs", "sweep_batches");
        }
    }

    @Test
    void writeAheadLoggingAndForeignKeysAreOn() {
        try (Database database = open()) {
            Migrations.shipped().apply(database);
            String mode =
                    database.read(connection -> Sql.first(connection, "PRAGMA journal_mode", row -> row.getString(1))
                            .orElse(""));
            long keys = database.read(connection -> Sql.number(connection, "PRAGMA foreign_keys"));
            assertThat(mode).isEqualTo("wal");
            assertThat(keys).isEqualTo(1);
        }
    }
}
