package org.headscope.analysis.store;

import java.nio.file.Path;
import java.sql.SQLException;
import org.headscope.analysis.store.StoreException.Reason;
import org.sqlite.SQLiteErrorCode;

/** Turns error codes of SQLite into reasons and sentences. */
final class SqlErrors {
    /** The primary code is the low byte; the rest says more about the same thing. */
    private static final int PRIMARY = 0xFF;

    private SqlErrors() {}

    static StoreException of(Path file, SQLException error) {
        Reason reason = reason(error.getErrorCode() & PRIMARY);
        return new StoreException(
                reason, "Workspace " + file + ": " + advice(reason) + " (" + error.getMessage() + ")", error);
    }

    private static Reason reason(int code) {
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return Reason.CORRUPT;
        }
        if (code == SQLiteErrorCode.SQLITE_READONLY.code
                || code == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || code == SQLiteErrorCode.SQLITE_PERM.code) {
            return Reason.READ_ONLY;
        }
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return Reason.FULL;
        }
        if (code == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
            return Reason.STATE;
        }
        boolean busy = code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
        return busy ? Reason.BUSY : Reason.OTHER;
    }

    private static String advice(Reason reason) {
        return switch (reason) {
            case CORRUPT ->
                "the file is damaged or no database. It was left as it is; restore a copy of it, or open"
                        + " another workspace.";
            case READ_ONLY ->
                "the file or its folder cannot be written. Check permissions, or open a workspace elsewhere.";
            case FULL -> "the disk is full. Free some space and try again; nothing that was stored is lost.";
            case BUSY -> "another program is writing to it for too long. Close it and try again.";
            case STATE -> "the change contradicts what is stored, such as a name that is taken or a run that is gone.";
            default -> "the database reports an error.";
        };
    }
}
