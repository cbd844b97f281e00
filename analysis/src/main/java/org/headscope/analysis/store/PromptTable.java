package org.headscope.analysis.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** Prompts and tasks that a person wants to keep. */
public final class PromptTable {
    private final Database database;
    private final SoftDelete deletion;

    PromptTable(Database database) {
        this.database = database;
        this.deletion = new SoftDelete(database, "prompts");
    }

    /**
     * A kept prompt.
     *
     * @param id its number
     * @param name what it is called
     * @param body its parts as JSON, such as clean and corrupt prompt and answers
     * @param createdAt when it was kept
     */
    public record StoredPrompt(long id, String name, ObjectNode body, Instant createdAt) {}

    /**
     * Keeps a prompt.
     *
     * @param name what to call it
     * @param body its parts as JSON
     * @return its number
     */
    public long add(String name, ObjectNode body) {
        return database.write(connection -> Sql.insert(
                connection,
                "INSERT INTO prompts (name, body, created_at) VALUES (?, ?, ?)",
                name,
                body.toString(),
                Instant.now()));
    }

    /** {@return all prompts, newest first, without those deleted} */
    public List<StoredPrompt> all() {
        return database.read(connection -> Sql.list(
                connection,
                "SELECT id, name, body, created_at FROM prompts WHERE deleted_at IS NULL ORDER BY id DESC",
                row -> new StoredPrompt(
                        row.getLong("id"),
                        row.getString("name"),
                        StoreJson.object(row.getString("body")),
                        Instant.parse(row.getString("created_at")))));
    }

    /**
     * Hides a prompt from the list; {@link #restore} undoes it.
     *
     * @param id its number
     */
    public void delete(long id) {
        deletion.delete(id);
    }

    /**
     * Brings a deleted prompt back.
     *
     * @param id its number
     */
    public void restore(long id) {
        deletion.restore(id);
    }
}
