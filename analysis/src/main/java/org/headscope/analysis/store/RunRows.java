package org.headscope.analysis.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** From a row of table runs to a {@link StoredRun}. */
final class RunRows {
    /** What {@link #read} needs; the result itself stays behind. */
    static final String COLUMNS = "id, analysis, title, parameters, mask, model_path, model_hash, code_version,"
            + " seed, status, message, created_at, started_at, finished_at, seconds, receipts,"
            + " (result_json IS NOT NULL OR result_file IS NOT NULL) AS has_result";

    private RunRows() {}

    static StoredRun read(ResultSet row) throws SQLException {
        RunSpec spec = new RunSpec(
                row.getString("analysis"),
                row.getString("title"),
                StoreJson.object(row.getString("parameters")),
                StoreJson.object(row.getString("mask")),
                new RunSpec.ModelKey(row.getString("model_path"), row.getString("model_hash")),
                row.getString("code_version"),
                row.getLong("seed"));
        double seconds = row.getDouble("seconds");
        boolean unfinished = row.wasNull();
        StoredRun.State state = new StoredRun.State(
                RunStatus.of(row.getString("status")),
                row.getString("message"),
                Instant.parse(row.getString("created_at")),
                Sql.instant(row, "started_at"),
                Sql.instant(row, "finished_at"),
                unfinished ? Double.NaN : seconds);
        return new StoredRun(
                row.getLong("id"),
                spec,
                state,
                StoreJson.receipts(row.getString("receipts")),
                row.getBoolean("has_result"));
    }
}
