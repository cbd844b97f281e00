package org.headscope.analysis.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.io.ResultJson;
import org.headscope.analysis.store.StoreException.Reason;
import org.jspecify.annotations.Nullable;

/** The runs of a workspace, from being asked for to their result. */
public final class RunTable {
    /** Results up to this many characters stay in the database; larger ones become files beside it. */
    static final int INLINE_LIMIT = 256 * 1024;

    private final Database database;
    private final ResultFiles files;
    private final String owner;
    private final SoftDelete deletion;

    RunTable(Database database, ResultFiles files, String owner) {
        this.database = database;
        this.files = files;
        this.owner = owner;
        this.deletion = new SoftDelete(database, "runs");
    }

    /**
     * Notes that something is to be run.
     *
     * @param spec what
     * @return the number of the run, which is {@link RunStatus#QUEUED}
     */
    public long queue(RunSpec spec) {
        return database.write(connection -> Sql.insert(
                connection,
                "INSERT INTO runs (analysis, title, parameters, mask, model_path, model_hash, code_version, seed,"
                        + " status, owner, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?)",
                spec.analysis(),
                spec.title(),
                spec.parameters().toString(),
                spec.mask().toString(),
                spec.model().path(),
                spec.model().hash(),
                spec.codeVersion(),
                spec.seed(),
                owner,
                Instant.now()));
    }

    /**
     * Notes that a run begins, or goes on after it was interrupted, cancelled or failed.
     *
     * @param id its number
     * @throws StoreException when it is running already, is done, or does not exist
     */
    public void start(long id) {
        Set<RunStatus> from =
                EnumSet.of(RunStatus.QUEUED, RunStatus.INTERRUPTED, RunStatus.CANCELLED, RunStatus.FAILED);
        move(
                id,
                from,
                RunStatus.RUNNING,
                "started_at = ?, finished_at = NULL, message = '', owner = ?",
                Instant.now(),
                owner);
    }

    /**
     * Stores the result of a run and forgets its partial batches.
     *
     * @param id its number
     * @param result the result; a large one becomes a file beside the workspace
     * @throws StoreException when the run is not running, or the result cannot be stored; it then stays running
     */
    public void finish(long id, Result result) {
        @Nullable String json = inline(result);
        @Nullable String file = json == null ? files.write(id, result) : null;
        database.write(connection -> {
            move(
                    connection,
                    id,
                    EnumSet.of(RunStatus.RUNNING),
                    RunStatus.DONE,
                    "finished_at = ?, seconds = ?, receipts = ?, result_json = ?, result_file = ?",
                    Instant.now(),
                    result.provenance().timing().seconds(),
                    StoreJson.write(result.receipts()),
                    json,
                    file);
            return Sql.update(connection, "DELETE FROM sweep_batches WHERE run_id = ?", id);
        });
    }

    /** The result as text, or null when that is too long; one that must be too long is never made into text. */
    private static @Nullable String inline(Result result) {
        long cells = result.panels().stream()
                .mapToLong(
                        panel -> panel instanceof GridPanel grid ? grid.grid().size() : 0)
                .sum();
        int shortestCell = 2;
        if (cells * shortestCell > INLINE_LIMIT) {
            return null;
        }
        String json = ResultJson.write(result);
        return json.length() > INLINE_LIMIT ? null : json;
    }

    /**
     * Notes that a run ended with an error; its stored batches stay.
     *
     * @param id its number
     * @param message what went wrong, for people
     * @throws StoreException when the run is neither running nor queued
     */
    public void fail(long id, String message) {
        move(id, unfinished(), RunStatus.FAILED, "finished_at = ?, message = ?", Instant.now(), message);
    }

    /**
     * Notes that a run was stopped on request; its stored batches stay.
     *
     * @param id its number
     * @throws StoreException when the run is neither running nor queued
     */
    public void cancel(long id) {
        move(id, unfinished(), RunStatus.CANCELLED, "finished_at = ?", Instant.now());
    }

    private static Set<RunStatus> unfinished() {
        return EnumSet.of(RunStatus.QUEUED, RunStatus.RUNNING);
    }

    private void move(long id, Set<RunStatus> from, RunStatus to, String changes, Object... values) {
        database.write(connection -> {
            move(connection, id, from, to, changes, values);
            return id;
        });
    }

    private static void move(
            Connection connection,
            long id,
            Set<RunStatus> from,
            RunStatus to,
            String changes,
            @Nullable Object... values)
            throws SQLException {
        String allowed = from.stream().map(s -> "'" + s.word() + "'").collect(Collectors.joining(", "));
        String sql = "UPDATE runs SET status = '" + to.word() + "', " + changes + " WHERE id = " + id
                + " AND status IN (" + allowed + ")";
        if (Sql.update(connection, sql, values) == 0) {
            String now = Sql.first(connection, "SELECT status FROM runs WHERE id = ?", row -> row.getString(1), id)
                    .orElseThrow(() -> missing(id));
            throw new StoreException(
                    Reason.STATE, "Run " + id + " is " + now + " and cannot become " + to.word() + ".");
        }
    }

    private static StoreException missing(long id) {
        return new StoreException(Reason.MISSING, "There is no run " + id + " in this workspace.");
    }

    /**
     * Finds a run, deleted or not.
     *
     * @param id its number
     * @return the run, or empty when there is none
     */
    public Optional<StoredRun> find(long id) {
        return database.read(connection ->
                Sql.first(connection, "SELECT " + RunRows.COLUMNS + " FROM runs WHERE id = ?", RunRows::read, id));
    }

    /**
     * Lists runs, newest first, without those deleted.
     *
     * @param limit how many at most
     * @return the runs
     */
    public List<StoredRun> recent(int limit) {
        return find(RunFilter.ALL, limit);
    }

    /**
     * Lists the runs that a filter lets through, newest first, without those deleted.
     *
     * @param filter which
     * @param limit how many at most
     * @return the runs
     */
    public List<StoredRun> find(RunFilter filter, int limit) {
        List<Object> arguments = new ArrayList<>(filter.arguments());
        arguments.add(limit);
        return database.read(connection -> Sql.list(
                connection,
                "SELECT " + RunRows.COLUMNS + " FROM runs WHERE deleted_at IS NULL" + filter.sql()
                        + " ORDER BY id DESC LIMIT ?",
                RunRows::read,
                arguments.toArray()));
    }

    /** {@return the models that runs are listed of, that of the newest run first; one entry for each fingerprint} */
    public List<RunSpec.ModelKey> models() {
        return database.read(connection -> Sql.list(
                connection,
                "SELECT model_path, model_hash, max(id) FROM runs WHERE deleted_at IS NULL GROUP BY model_hash"
                        + " ORDER BY max(id) DESC",
                row -> new RunSpec.ModelKey(row.getString("model_path"), row.getString("model_hash"))));
    }

    /**
     * Lists runs in one state, oldest first, without those deleted.
     *
     * @param status the state
     * @return the runs
     */
    public List<StoredRun> withStatus(RunStatus status) {
        return database.read(connection -> Sql.list(
                connection,
                "SELECT " + RunRows.COLUMNS + " FROM runs WHERE status = ? AND deleted_at IS NULL ORDER BY id",
                RunRows::read,
                status.word()));
    }

    /**
     * Loads a result.
     *
     * @param id number of the run
     * @return the result, or empty when the run has none
     * @throws StoreException when there is no such run, or its file is gone
     */
    public Optional<Result> result(long id) {
        Where where = database.read(connection ->
                        Sql.first(connection, "SELECT result_json, result_file FROM runs WHERE id = ?", Where::of, id))
                .orElseThrow(() -> missing(id));
        if (where.file != null) {
            return Optional.of(files.read(where.file));
        }
        return Optional.ofNullable(where.json).map(ResultJson::read);
    }

    private record Where(@Nullable String json, @Nullable String file) {
        static Where of(ResultSet row) throws SQLException {
            return new Where(row.getString("result_json"), row.getString("result_file"));
        }
    }

    /**
     * Hides a run from lists; {@link #restore} undoes it.
     *
     * @param id its number
     */
    public void delete(long id) {
        deletion.delete(id);
    }

    /**
     * Brings a deleted run back.
     *
     * @param id its number
     */
    public void restore(long id) {
        deletion.restore(id);
    }
}
