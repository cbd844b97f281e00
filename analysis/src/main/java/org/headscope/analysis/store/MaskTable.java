package org.headscope.analysis.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.headscope.analysis.store.StoreException.Reason;

/** Masks under names. A mask belongs to the weights it names as {@code model.hash}; names are unique among those. */
public final class MaskTable {
    private static final String SELECT = "SELECT id, name, body, saved_at FROM masks WHERE deleted_at IS NULL";

    private final Database database;
    private final SoftDelete deletion;

    MaskTable(Database database) {
        this.database = database;
        this.deletion = new SoftDelete(database, "masks");
    }

    /**
     * A kept mask.
     *
     * @param id its number
     * @param name its name, unique among masks of the same weights that are not deleted
     * @param body the mask file as JSON
     * @param savedAt when it was last saved
     */
    public record StoredMask(long id, String name, ObjectNode body, Instant savedAt) {}

    /**
     * Keeps a mask; an older one of the same weights and name is deleted, which {@link #restore} cannot undo while the name
     * is taken.
     *
     * @param name its name
     * @param body the mask file as JSON
     * @return its number
     */
    public long save(String name, ObjectNode body) {
        String hash = body.path("model").path("hash").asText();
        return database.write(connection -> {
            Instant now = Instant.now();
            Sql.update(
                    connection,
                    "UPDATE masks SET deleted_at = ? WHERE model_hash = ? AND name = ? AND deleted_at IS NULL",
                    now,
                    hash,
                    name);
            return Sql.insert(
                    connection,
                    "INSERT INTO masks (name, model_hash, body, saved_at) VALUES (?, ?, ?, ?)",
                    name,
                    hash,
                    body.toString(),
                    now);
        });
    }

    /**
     * Gives a mask another name.
     *
     * @param id its number
     * @param name its new name
     * @throws StoreException when there is no such mask, or another one of the same weights has that name
     */
    public void rename(long id, String name) {
        database.write(connection -> {
            requireFree(connection, id, name);
            int rows =
                    Sql.update(connection, "UPDATE masks SET name = ? WHERE id = ? AND deleted_at IS NULL", name, id);
            if (rows == 0) {
                throw new StoreException(Reason.MISSING, "There is no mask " + id + " in this workspace.");
            }
            return rows;
        });
    }

    private static void requireFree(Connection connection, long id, String name) throws SQLException {
        String taken = "SELECT m.id FROM masks m, masks own WHERE own.id = ? AND m.id != own.id AND m.name = ?"
                + " AND m.model_hash = own.model_hash AND m.deleted_at IS NULL";
        if (Sql.first(connection, taken, row -> row.getLong(1), id, name).isPresent()) {
            throw new StoreException(
                    Reason.STATE, "There is a mask named '" + name + "' already. Choose another name, or delete it.");
        }
    }

    /** {@return all masks by name, without those deleted} */
    public List<StoredMask> all() {
        return database.read(connection -> Sql.list(connection, SELECT + " ORDER BY name", MaskTable::row));
    }

    /**
     * Lists the masks of some weights.
     *
     * @param modelHash fingerprint of the weights
     * @return their masks by name, without those deleted
     */
    public List<StoredMask> of(String modelHash) {
        return database.read(connection ->
                Sql.list(connection, SELECT + " AND model_hash = ? ORDER BY name", MaskTable::row, modelHash));
    }

    /**
     * @param name a name
     * @return the mask of that name that was saved last, or empty
     */
    public Optional<StoredMask> find(String name) {
        return database.read(connection ->
                Sql.first(connection, SELECT + " AND name = ? ORDER BY saved_at DESC", MaskTable::row, name));
    }

    private static StoredMask row(ResultSet row) throws SQLException {
        return new StoredMask(
                row.getLong("id"),
                row.getString("name"),
                StoreJson.object(row.getString("body")),
                Instant.parse(row.getString("saved_at")));
    }

    /**
     * Hides a mask from the list; {@link #restore} undoes it.
     *
     * @param id its number
     */
    public void delete(long id) {
        deletion.delete(id);
    }

    /**
     * Brings a deleted mask back.
     *
     * @param id its number
     * @throws StoreException when another mask has taken its name
     */
    public void restore(long id) {
        deletion.restore(id);
    }
}
