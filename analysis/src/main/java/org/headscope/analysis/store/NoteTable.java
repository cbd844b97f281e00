package org.headscope.analysis.store;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/** What a person wrote down. */
public final class NoteTable {
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
        return database.read(connection -> Sql.list(
                connection,
                "SELECT id, run_id, subject, body, written_at FROM notes WHERE deleted_at IS NULL ORDER BY id DESC",
                row -> {
                    long run = row.getLong("run_id");
                    OptionalLong about = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(run);
                    return new StoredNote(
                            row.getLong("id"),
                            about,
                            row.getString("subject"),
                            row.getString("body"),
                            Instant.parse(row.getString("written_at")));
                }));
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
