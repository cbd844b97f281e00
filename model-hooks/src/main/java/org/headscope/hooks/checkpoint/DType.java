package org.headscope.hooks.checkpoint;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;

/** How a tensor's numbers are stored in a file; little-endian throughout. */
public enum DType {
    /** 64-bit float. */
    F64(8),
    /** 32-bit float. */
    F32(4),
    /** IEEE 16-bit float. */
    F16(2),
    /** The upper half of a 32-bit float. */
    BF16(2),
    /** Signed 64-bit integer. */
    I64(8),
    /** Signed 32-bit integer. */
    I32(4),
    /** Signed 16-bit integer. */
    I16(2),
    /** Signed 8-bit integer. */
    I8(1),
    /** Unsigned 64-bit integer. */
    U64(8),
    /** Unsigned 32-bit integer. */
    U32(4),
    /** Unsigned 16-bit integer. */
    U16(2),
    /** Unsigned 8-bit integer. */
    U8(1),
    /** One byte, zero for false. */
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** {@return the bytes of one element} */
    public int bytes() {
        return bytes;
    }

    /** {@return whether elements are floating-point numbers} */
    public boolean isFloating() {
        return ordinal() <= BF16.ordinal();
    }

    /**
     * Finds a type by its name in a header.
     *
     * @param name for example {@code BF16}
     * @return the type
     * @throws CheckpointException of kind {@code WRONG_DTYPE} when it is unknown, or known and refused
     */
    public static DType parse(String name) {
        for (DType type : values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw new CheckpointException(Kind.WRONG_DTYPE, refusal(name));
    }

    private static String refusal(String name) {
        if (name.startsWith("F8") || name.startsWith("F6") || name.startsWith("F4")) {
            return "number type " + name + " is not read: such floats mean nothing without the scales of their"
                    + " quantisation. Convert the weights to F32, F16 or BF16";
        }
        String known = Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
        return "number type '" + Text.shorten(name) + "' is unknown; known are " + known;
    }
}
