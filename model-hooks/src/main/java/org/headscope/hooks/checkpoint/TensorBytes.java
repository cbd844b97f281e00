package org.headscope.hooks.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/** A tensor on its way into a file: what the header says of it, and its little-endian bytes. */
record TensorBytes(DType dtype, Shape shape, Content content) {
    /** Elements of an array that are copied at a time. */
    private static final int BLOCK = 1 << 20;

    /** Produces the bytes. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    static TensorBytes of(DType dtype, Shape shape, ByteBuffer bytes) {
        return new TensorBytes(dtype, shape, out -> out.write(bytes.array()));
    }

    static TensorBytes of(NDArray array, DType dtype) {
        boolean half = dtype == DType.F16 || dtype == DType.BF16;
        if (dtype != storedType(array) && !(half && array.getDataType() == DataType.FLOAT32)) {
            throw new HeadscopeException("A " + array.getDataType() + " tensor cannot be stored as " + dtype
                    + "; only float32 can be rounded, to F16 or BF16.");
        }
        boolean round = half && array.getDataType() == DataType.FLOAT32;
        return new TensorBytes(dtype, array.getShape(), out -> writeBlocks(array, out, round ? dtype : null));
    }

    static DType storedType(NDArray array) {
        return switch (array.getDataType()) {
            case FLOAT64 -> DType.F64;
            case FLOAT32 -> DType.F32;
            case FLOAT16 -> DType.F16;
            case BFLOAT16 -> DType.BF16;
            case INT64 -> DType.I64;
            case INT32 -> DType.I32;
            case INT8 -> DType.I8;
            case UINT8 -> DType.U8;
            case BOOLEAN -> DType.BOOL;
            default ->
                throw new HeadscopeException(
                        "Tensors of type " + array.getDataType() + " cannot be stored; convert to float32 first.");
        };
    }

    static void requireSize(Shape shape, int values) {
        if (shape.size() != values) {
            throw new HeadscopeException(
                    "Shape " + Text.shape(shape) + " takes " + shape.size() + " values, not " + values + ".");
        }
    }

    long byteLength() {
        return shape.size() * dtype.bytes();
    }

    void writeTo(OutputStream out) throws IOException {
        content.writeTo(out);
    }

    private static void writeBlocks(NDArray array, OutputStream out, @Nullable DType rounded) throws IOException {
        long size = array.size();
        try (NDArray flat = array.reshape(new Shape(size))) {
            for (long from = 0; from < size; from += BLOCK) {
                try (NDArray part = flat.get(new NDIndex("{}:{}", from, Math.min(size, from + BLOCK)))) {
                    ByteBuffer bytes = part.toByteBuffer(false);
                    out.write(rounded == null ? bytes.array() : round(bytes, rounded));
                }
            }
        }
    }

    private static byte[] round(ByteBuffer floats, DType dtype) {
        ByteBuffer halves = ByteBuffer.allocate(floats.remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
        while (floats.hasRemaining()) {
            float value = floats.getFloat();
            halves.putShort(dtype == DType.F16 ? HalfFloat.toF16(value) : HalfFloat.toBf16(value));
        }
        return halves.array();
    }
}
