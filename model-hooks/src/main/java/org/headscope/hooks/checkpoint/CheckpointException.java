package org.headscope.hooks.checkpoint;

import org.headscope.hooks.HeadscopeException;

/** A checkpoint that cannot be read, or does not hold what was asked of it. */
public class CheckpointException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What is wrong with a checkpoint. */
    public enum Kind {
        /** A file that should be there is not. */
        MISSING_FILE,
        /** A file is there but the system does not let us read it, or it has been closed. */
        UNREADABLE,
        /** Weights in a format other than safetensors. */
        UNSUPPORTED_FORMAT,
        /** The file ends before its content does. */
        TRUNCATED,
        /** The header is not the JSON that the format asks for. */
        BAD_HEADER,
        /** The header claims to be longer than the format allows. */
        OVERSIZED_HEADER,
        /** Two tensors share bytes. */
        OVERLAP,
        /** Bytes of the file belong to no tensor. */
        GAP,
        /** A number type that is unknown or cannot be used. */
        WRONG_DTYPE,
        /** A shape that contradicts the bytes, the configuration, or itself. */
        WRONG_SHAPE,
        /** A tensor that should be there is not. */
        MISSING_TENSOR,
        /** NaN or an infinity among the weights. */
        NON_FINITE,
        /** {@code config.json} is not a JSON object. */
        BAD_CONFIG,
        /** The index of a sharded checkpoint is malformed or points outside its folder. */
        BAD_INDEX,
        /** No adapter reads this kind of model. */
        UNKNOWN_ARCHITECTURE
    }

    /**
     * @param kind what is wrong
     * @param message what was wrong, where, and what to do about it
     */
    public CheckpointException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /**
     * @param kind what is wrong
     * @param message what was wrong, where, and what to do about it
     * @param cause the underlying failure
     */
    public CheckpointException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** {@return what is wrong, for code that must tell the cases apart} */
    public Kind kind() {
        return kind;
    }
}
