package org.headscope.analysis.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.spi.SweepJournal;

/** Finished parts of sweeps that are not finished, per run. */
public final class SweepBatchTable {
    private final Database database;

    SweepBatchTable(Database database) {
        this.database = database;
    }

    /**
     * The journal of one run, to be given to its analysis.
     *
     * @param run number of the run
     * @return a journal that reads and writes this workspace
     */
    public SweepJournal journal(long run) {
        return new SweepJournal() {
            @Override
            public List<Batch> stored(String sweep) {
                return database.read(connection -> Sql.list(
                        connection,
                        "SELECT first_cell, cells FROM sweep_batches WHERE run_id = ? AND sweep = ?"
                                + " ORDER BY first_cell",
                        row -> new Batch(row.getInt("first_cell"), decode(row.getBytes("cells"))),
                        run,
                        sweep));
            }

            @Override
            public void store(String sweep, Batch batch) {
                database.write(connection -> Sql.update(
                        connection,
                        "INSERT OR REPLACE INTO sweep_batches (run_id, sweep, first_cell, cells) VALUES (?, ?, ?, ?)",
                        run,
                        sweep,
                        batch.firstCell(),
                        encode(batch.values())));
            }
        };
    }

    /** Little-endian doubles, eight bytes each. */
    private static byte[] encode(List<Double> values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.size() * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.forEach(bytes::putDouble);
        return bytes.array();
    }

    private static List<Double> decode(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Double> values = new ArrayList<>();
        while (buffer.remaining() >= Double.BYTES) {
            values.add(buffer.getDouble());
        }
        return values;
    }
}
