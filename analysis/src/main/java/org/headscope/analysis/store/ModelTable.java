package org.headscope.analysis.store;

import java.time.Instant;
import java.util.List;
import org.headscope.analysis.result.ModelRef;

/** The models that were opened in a workspace. */
public final class ModelTable {
    private final Database database;
    private final SoftDelete deletion;

    ModelTable(Database database) {
        this.database = database;
        this.deletion = new SoftDelete(database, "models");
    }

    /**
     * A model as it was last opened.
     *
     * @param id its number
     * @param model path, hash and config
     * @param openedAt when
     */
    public record StoredModel(long id, ModelRef model, Instant openedAt) {}

    /**
     * Notes that a model was opened; a known path and hash only gets a new time, and comes back if it was deleted.
     *
     * @param model the model
     */
    public void opened(ModelRef model) {
        database.write(connection -> Sql.update(
                connection,
                "INSERT INTO models (path, hash, config, opened_at) VALUES (?, ?, ?, ?) ON CONFLICT (path, hash) DO"
                        + " UPDATE SET config = excluded.config, opened_at = excluded.opened_at, deleted_at = NULL",
                model.path(),
                model.hash(),
                model.config().toString(),
                Instant.now()));
    }

    /**
     * Lists models, last opened first.
     *
     * @param limit how many at most
     * @return the models
     */
    public List<StoredModel> recent(int limit) {
        return database.read(connection -> Sql.list(
                connection,
                "SELECT id, path, hash, config, opened_at FROM models WHERE deleted_at IS NULL"
                        + " ORDER BY opened_at DESC, id DESC LIMIT ?",
                row -> new StoredModel(
                        row.getLong("id"),
                        new ModelRef(
                                row.getString("path"),
                                row.getString("hash"),
                                StoreJson.object(row.getString("config"))),
                        Instant.parse(row.getString("opened_at"))),
                limit));
    }

    /**
     * Hides a model from the list; {@link #restore} undoes it. Files are not touched.
     *
     * @param id its number
     */
    public void delete(long id) {
        deletion.delete(id);
    }

    /**
     * Brings a deleted model back.
     *
     * @param id its number
     */
    public void restore(long id) {
        deletion.restore(id);
    }
}
