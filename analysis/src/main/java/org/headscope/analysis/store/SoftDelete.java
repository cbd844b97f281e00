package org.headscope.analysis.store;

import java.time.Instant;
import org.headscope.analysis.store.StoreException.Reason;
import org.jspecify.annotations.Nullable;

/** Deleting that can be undone: a row is marked, hidden from lists, and only purging removes it. */
final class SoftDelete {
    private final Database database;
    private final String table;

    SoftDelete(Database database, String table) {
        this.database = database;
        this.table = table;
    }

    void delete(long id) {
        change(id, "UPDATE " + table + " SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL", Instant.now());
    }

    void restore(long id) {
        change(id, "UPDATE " + table + " SET deleted_at = ? WHERE id = ? AND deleted_at IS NOT NULL", null);
    }

    private void change(long id, String sql, @Nullable Instant deletedAt) {
        int rows = database.write(connection -> Sql.update(connection, sql, deletedAt, id));
        if (rows == 0) {
            throw new StoreException(
                    Reason.MISSING, "There is no entry " + id + " in " + table + " to delete or restore.");
        }
    }
}
