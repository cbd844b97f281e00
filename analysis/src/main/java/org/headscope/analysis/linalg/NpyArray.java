package org.headscope.analysis.linalg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * The content of a NumPy file: numbers of one type in row order.
 */
public final class NpyArray {
    private final NpyType type;
    private final List<Integer> shape;
    private final ByteBuffer data;

    private NpyArray(NpyType type, List<Integer> shape, ByteBuffer data) {
        this.type = type;
        this.shape = List.copyOf(shape);
        this.data = data;
    }

    static NpyArray adopt(NpyType type, List<Integer> shape, ByteBuffer data) {
        return new NpyArray(type, shape, data);
    }

    /**
     * An array of 32-bit numbers.
     *
     * @param shape sizes, slowest axis first
     * @param values as many as the product of the sizes, in row order
     * @return the array
     */
    public static NpyArray of(List<Integer> shape, float[] values) {
        ByteBuffer data = room(NpyType.FLOAT32, shape, values.length);
        data.asFloatBuffer().put(values);
        return new NpyArray(NpyType.FLOAT32, shape, data);
    }

    /**
     * An array of 64-bit numbers.
     *
     * @param shape sizes, slowest axis first
     * @param values as many as the product of the sizes, in row order
     * @return the array
     */
    public static NpyArray of(List<Integer> shape, double[] values) {
        ByteBuffer data = room(NpyType.FLOAT64, shape, values.length);
        data.asDoubleBuffer().put(values);
        return new NpyArray(NpyType.FLOAT64, shape, data);
    }

    /**
     * An array of whole numbers.
     *
     * @param shape sizes, slowest axis first
     * @param values as many as the product of the sizes, in row order
     * @return the array
     */
    public static NpyArray of(List<Integer> shape, long[] values) {
        ByteBuffer data = room(NpyType.INT64, shape, values.length);
        data.asLongBuffer().put(values);
        return new NpyArray(NpyType.INT64, shape, data);
    }

    private static ByteBuffer room(NpyType type, List<Integer> shape, int count) {
        long cells = shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
        if (cells != count || shape.stream().anyMatch(size -> size < 0)) {
            throw new NpyException(count + " numbers do not fill an array of shape " + shape + ".");
        }
        return ByteBuffer.allocate(Math.multiplyExact(count, type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** {@return the number type} */
    public NpyType type() {
        return type;
    }

    /** {@return sizes, slowest axis first; empty for a single number} */
    public List<Integer> shape() {
        return shape;
    }

    /** {@return how many numbers there are} */
    public int size() {
        return data.capacity() / type.bytes();
    }

    /** {@return all numbers in row order; whole numbers beyond 2^53 are rounded} */
    public double[] toDoubles() {
        double[] values = new double[size()];
        for (int i = 0; i < values.length; i++) {
            int at = i * type.bytes();
            values[i] = switch (type) {
                case FLOAT32 -> data.getFloat(at);
                case FLOAT64 -> data.getDouble(at);
                case INT64 -> (double) data.getLong(at);
            };
        }
        return values;
    }

    /**
     * {@return all numbers in row order}
     *
     * @throws NpyException when the type is not a whole-number type
     */
    public long[] toLongs() {
        if (type != NpyType.INT64) {
            throw new NpyException("An array of " + type + " has no whole numbers: save it with dtype int64.");
        }
        long[] values = new long[size()];
        data.duplicate().order(data.order()).asLongBuffer().get(values);
        return values;
    }

    ByteBuffer bytes() {
        return data.asReadOnlyBuffer().order(data.order()).rewind();
    }
}
