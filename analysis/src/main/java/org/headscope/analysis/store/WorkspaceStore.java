package org.headscope.analysis.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.headscope.analysis.store.StoreException.Reason;

/**
 * A workspace: one SQLite file, and a folder of large results beside it. Safe for several threads; each change is on disk
 * when its call returns. Several processes may have one workspace open.
 */
public final class WorkspaceStore implements AutoCloseable {
    private final Database database;
    private final ResultFiles files;
    private final Owner owner;
    private final RunTable runs;

    private WorkspaceStore(Database database, Owner owner) {
        this.database = database;
        this.owner = owner;
        this.files = new ResultFiles(database.file());
        this.runs = new RunTable(database, files, owner.name());
    }

    /**
     * Opens a workspace, or makes a new one. Runs whose process ended before they did become
     * {@link RunStatus#INTERRUPTED}.
     *
     * @param file the workspace file; missing folders are made
     * @return the workspace; close it
     * @throws StoreException when it is damaged, of a newer Headscope, of another program, or cannot be written; it is
     *     then left as it is
     */
    public static WorkspaceStore open(Path file) {
        return open(file, Migrations.shipped());
    }

    static WorkspaceStore open(Path file, Migrations migrations) {
        makeFolder(file);
        Database database = Database.open(file);
        Owner owner = Owner.here();
        try {
            migrations.apply(database);
            database.write(WorkspaceStore::interruptOrphans);
            return new WorkspaceStore(database, owner);
        } catch (RuntimeException e) {
            owner.close();
            database.close();
            throw e;
        }
    }

    private static void makeFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw new StoreException(
                    Reason.READ_ONLY,
                    "Workspace " + file
                            + ": its folder cannot be made. Check permissions, or open a workspace elsewhere.",
                    e);
        }
    }

    private static int interruptOrphans(Connection connection) throws SQLException {
        List<String> owners = Sql.list(
                connection,
                "SELECT DISTINCT owner FROM runs WHERE status IN ('queued', 'running')",
                row -> row.getString(1));
        int runs = 0;
        for (String name : owners) {
            if (!Owner.alive(name)) {
                runs += Sql.update(
                        connection,
                        "UPDATE runs SET status = 'interrupted' WHERE status IN ('queued', 'running') AND owner = ?",
                        name);
            }
        }
        return runs;
    }

    /** {@return the workspace file} */
    public Path file() {
        return database.file();
    }

    /** {@return the models that were opened} */
    public ModelTable models() {
        return new ModelTable(database);
    }

    /** {@return kept prompts and tasks} */
    public PromptTable prompts() {
        return new PromptTable(database);
    }

    /** {@return runs and their results} */
    public RunTable runs() {
        return runs;
    }

    /** {@return finished parts of unfinished sweeps} */
    public SweepBatchTable sweeps() {
        return new SweepBatchTable(database);
    }

    /** {@return masks under names} */
    public MaskTable masks() {
        return new MaskTable(database);
    }

    /** {@return notes} */
    public NoteTable notes() {
        return new NoteTable(database);
    }

    /**
     * Removes for good what was deleted before a moment, result files included.
     *
     * @param before rows deleted earlier than this are removed
     * @return how many rows were removed
     */
    public int purge(Instant before) {
        List<String> orphaned = database.read(connection -> Sql.list(
                connection,
                "SELECT result_file FROM runs WHERE deleted_at < ? AND result_file IS NOT NULL",
                row -> row.getString(1),
                before));
        int rows = database.write(connection -> {
            int removed = 0;
            for (String table : List.of("notes", "masks", "prompts", "models", "runs")) {
                removed += Sql.update(connection, "DELETE FROM " + table + " WHERE deleted_at < ?", before);
            }
            return removed;
        });
        orphaned.forEach(files::discard);
        return rows;
    }

    @Override
    public void close() {
        owner.close();
        database.close();
    }
}
