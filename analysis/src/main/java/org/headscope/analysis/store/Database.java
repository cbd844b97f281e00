package org.headscope.analysis.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.headscope.analysis.store.StoreException.Reason;
import org.sqlite.SQLiteConfig;

/**
 * The one connection to a workspace file. Whoever reads or writes takes its turn; every change is a transaction that is
 * on disk when the call returns.
 */
final class Database implements AutoCloseable {
    private static final int BUSY_MILLIS = 20_000;

    private final Path file;
    private final Connection connection;
    private final ReentrantLock turn = new ReentrantLock();
    private boolean closed;

    private Database(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /** Something done with the connection. */
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    /** Opens the file without changing it. */
    static Database open(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        try {
            return new Database(file, config.createConnection("jdbc:sqlite:" + file.toAbsolutePath()));
        } catch (SQLException e) {
            throw SqlErrors.of(file, e);
        }
    }

    Path file() {
        return file;
    }

    <T> T read(Work<T> work) {
        turn.lock();
        try {
            requireOpen();
            return work.run(connection);
        } catch (SQLException e) {
            throw SqlErrors.of(file, e);
        } finally {
            turn.unlock();
        }
    }

    /** Begins and ends by hand: after a full disk SQLite has rolled back on its own, which the driver does not notice. */
    <T> T write(Work<T> work) {
        return read(open -> {
            Sql.execute(open, "BEGIN IMMEDIATE");
            try {
                T value = work.run(open);
                Sql.execute(open, "COMMIT");
                return value;
            } catch (SQLException | RuntimeException e) {
                rollback(open, e);
                throw e;
            }
        });
    }

    private static void rollback(Connection open, Exception cause) {
        try {
            Sql.execute(open, "ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreException(Reason.CLOSED, "Workspace " + file + " was closed. Open it again.");
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            if (!closed) {
                closed = true;
                connection.close();
            }
        } catch (SQLException e) {
            throw SqlErrors.of(file, e);
        } finally {
            turn.unlock();
        }
    }
}
