package org.headscope.analysis.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Masks under names. */
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
     * @param name its name, unique among masks not deleted
     * @param body the mask file as JSON
     * @param savedAt when it was last saved
     */
    public record StoredMask(long id, String name, ObjectNode body, Instant savedAt) {}

    /**
     * Keeps a mask; an older one of the same name is deleted, which {@link #restore} cannot undo while the name is taken.
     *
     * @param name its name
     * @param body the mask file as JSON
     * @return its number
     */
    public long save(String name, ObjectNode body) {
        return database.write(connection -> {
            Instant now = Instant.now();
            Sql.update(connection, "UPDATE masks SET deleted_at = ? WHERE name = ? AND deleted_at IS NULL", now, name);
            return Sql.insert(
                    connection,
                    "INSERT INTO masks (name, body, saved_at) VALUES (?, ?, ?)",
                    name,
                    body.toString(),
                    now);
        });
    }

    /** {@return all masks by name, without those deleted} */
    public List<StoredMask> all() {
        return database.read(connection -> Sql.list(connection, SELECT + " ORDER BY name", MaskTable::row));
    }

    /**
     * @param name a name
     * @return the mask of that name, or empty
     */
    public Optional<StoredMask> find(String name) {
        return database.read(connection -> Sql.first(connection, SELECT + " AND name = ?", MaskTable::row, name));
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
