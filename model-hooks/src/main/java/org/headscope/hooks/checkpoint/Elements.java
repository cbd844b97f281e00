package org.headscope.hooks.checkpoint;

import java.nio.ByteBuffer;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;

/** Turns stored elements into Java numbers, a block at a time. */
final class Elements {
    private Elements() {}

    /** Decodes all of {@code source} (little-endian) into {@code target} from its start; returns how many. */
    static int toFloats(DType dtype, ByteBuffer source, float[] target) {
        int count = source.remaining() / dtype.bytes();
        if (dtype == DType.F32) {
            source.asFloatBuffer().get(target, 0, count);
            return count;
        }
        for (int i = 0; i < count; i++) {
            target[i] = dtype.isFloating() ? floating(dtype, source) : integer(dtype, source);
        }
        return count;
    }

    private static float floating(DType dtype, ByteBuffer source) {
        return switch (dtype) {
            case F64 -> (float) source.getDouble();
            case F16 -> HalfFloat.fromF16(source.getShort());
            case BF16 -> HalfFloat.fromBf16(source.getShort());
            default -> source.getFloat();
        };
    }

    private static float integer(DType dtype, ByteBuffer source) {
        if (dtype == DType.U64) {
            long bits = source.getLong();
            // Halving with the lowest bit kept, so that the rounding to 24 bits is still to the nearest.
            return bits >= 0 ? (float) bits : (float) (bits >>> 1 | bits & 1) * 2f;
        }
        return (float) toLong(dtype, source);
    }

    /** The next whole number or truth value. */
    static long toLong(DType dtype, ByteBuffer source) {
        return switch (dtype) {
            case I64 -> source.getLong();
            case U64 -> checkedUnsigned(source.getLong());
            case I32 -> source.getInt();
            case U32 -> Integer.toUnsignedLong(source.getInt());
            case I16 -> source.getShort();
            case U16 -> Short.toUnsignedLong(source.getShort());
            case I8 -> source.get();
            case U8 -> Byte.toUnsignedLong(source.get());
            case BOOL -> source.get() == 0 ? 0 : 1;
            default -> throw new IllegalArgumentException(dtype + " is not a type of whole numbers");
        };
    }

    private static long checkedUnsigned(long bits) {
        if (bits < 0) {
            throw new CheckpointException(
                    Kind.WRONG_DTYPE,
                    "it holds " + Long.toUnsignedString(bits) + ", too large for a signed 64-bit integer; load it as"
                            + " floats");
        }
        return bits;
    }
}
