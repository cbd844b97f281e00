package org.headscope.analysis.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What a person wrote down. */
public final class NoteTable {
    private static final String SELECT = "SELECT id, run_id, subject, body, written_at FROM notes WHERE TRUE";

    private final Database database;
    private final SoftDelete deletion;

    NoteTable(Database database) {
        this.database = database;
        this.deletion = new SoftDelete(database, "notes");
    }

    /**
     * A note.
     *
     * @param id its number
     * @param run the run it is about, if it is about one
     * @param subject what it is about, such as {@code head 5.5}; may be empty
     * @param body its text
     * @param writtenAt when
     */
    public record StoredNote(long id, OptionalLong run, String subject, String body, Instant writtenAt) {}

    /**
     * Keeps a note.
     *
     * @param run the run it is about, if it is about one
     * @param subject what it is about, may be empty
     * @param body its text
     * @return its number
     * @throws StoreException when there is no such run
     */
    public long add(OptionalLong run, String subject, String body) {
        return database.write(connection -> Sql.insert(
                connection,
                "INSERT INTO notes (run_id, subject, body, written_at) VALUES (?, ?, ?, ?)",
                run.isPresent() ? run.getAsLong() : null,
                subject,
                body,
                Instant.now()));
    }

    /** {@return all notes, newest first, without those deleted} */
    public List<StoredNote> all() {
        return database.read(connection ->
                Sql.list(connection, SELECT + " AND deleted_at IS NULL ORDER BY id DESC", NoteTable::row));
    }

    /**
     * Writes the note of a run in place of what stood there; a blank text deletes it.
     *
     * @param run number of the run
     * @param body its text
     * @throws StoreException when there is no such run
     */
    public void write(long run, String body) {
        Optional<StoredNote> old = database.read(connection -> Sql.first(
                connection, SELECT + " AND run_id = ? AND deleted_at IS NULL ORDER BY id DESC", NoteTable::row, run));
        if (body.isBlank()) {
            old.ifPresent(note -> delete(note.id()));
        } else if (old.isEmpty()) {
            add(OptionalLong.of(run), "", body);
        } else {
            database.write(connection -> Sql.update(
                    connection,
                    "UPDATE notes SET body = ?, written_at = ? WHERE id = ?",
                    body,
                    Instant.now(),
                    old.get().id()));
        }
    }

    /** {@return the text of the newest note of each run that has one, by number of the run} */
    public Map<Long, String> ofRuns() {
        Map<Long, String> bodies = new HashMap<>();
        for (StoredNote note : all()) {
            note.run().ifPresent(run -> bodies.putIfAbsent(run, note.body()));
        }
        return bodies;
    }

    private static StoredNote row(ResultSet row) throws SQLException {
        long run = row.getLong("run_id");
        OptionalLong about = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(run);
        return new StoredNote(
                row.getLong("id"),
                about,
                row.getString("subject"),
                row.getString("body"),
                Instant.parse(row.getString("written_at")));
    }

    /**
     * Hides a note from the list; {@link #restore} undoes it.
     *
     * @param id its number
     */
    public void delete(long id) {
        deletion.delete(id);
    }

    /**
     * Brings a deleted note back.
     *
     * @param id its number
     */
    public void restore(long id) {
        deletion.restore(id);
    }
}
