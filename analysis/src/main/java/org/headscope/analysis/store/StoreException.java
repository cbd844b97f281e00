package org.headscope.analysis.store;

import org.headscope.hooks.HeadscopeException;

/** A workspace that cannot be opened, read or written. Nothing is ever deleted because of one. */
public final class StoreException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** What went wrong, for code that reacts to it. */
    public enum Reason {
        /** The file was made by a newer Headscope. */
        NEWER,
        /** The file is damaged, or no database at all. */
        CORRUPT,
        /** The file is a database of some other program. */
        FOREIGN,
        /** The file or its folder cannot be written. */
        READ_ONLY,
        /** The disk is full. */
        FULL,
        /** Another process holds the file for too long. */
        BUSY,
        /** What was asked for is not in the workspace. */
        MISSING,
        /** The change contradicts what is stored: a name is taken, a run is in another state. */
        STATE,
        /** The workspace was closed. */
        CLOSED,
        /** Anything else. */
        OTHER
    }

    StoreException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    StoreException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** {@return what went wrong} */
    public Reason reason() {
        return reason;
    }
}
