package org.headscope.analysis.linalg;

/** Number types of NumPy files that are read and written. */
public enum NpyType {
    /** 32-bit floating point. */
    FLOAT32("f4", 4),
    /** 64-bit floating point. */
    FLOAT64("f8", 8),
    /** 64-bit integer. */
    INT64("i8", 8);

    private final String code;
    private final int bytes;

    NpyType(String code, int bytes) {
        this.code = code;
        this.bytes = bytes;
    }

    /** {@return NumPy's name of the type without byte order} */
    String code() {
        return code;
    }

    /** {@return size of one number in bytes} */
    int bytes() {
        return bytes;
    }
}
