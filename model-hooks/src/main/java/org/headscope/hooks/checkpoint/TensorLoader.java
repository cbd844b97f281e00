package org.headscope.hooks.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Copies a tensor out of its file into native memory, converting on the way. */
final class TensorLoader {
    /** Elements that one view of native memory spans; a Java buffer cannot span more than 2 GiB. */
    private static final int VIEW = 64 << 20;

    private static final int BLOCK = 64 << 10;

    private TensorLoader() {}

    static NDArray load(NDManager manager, SafetensorsFile file, TensorInfo info) {
        float[] floats = block(info);
        return fill(manager, file, info, DataType.FLOAT32, (block, target) -> {
            int count = Elements.toFloats(info.dtype(), block, floats);
            target.asFloatBuffer().put(floats, 0, count);
            target.position(target.position() + count * Float.BYTES);
        });
    }

    static NDArray loadRaw(NDManager manager, SafetensorsFile file, TensorInfo info) {
        DType dtype = info.dtype();
        return switch (dtype) {
            case F32, F16, BF16 -> load(manager, file, info);
            case F64 ->
                fill(manager, file, info, DataType.FLOAT64, (block, target) -> {
                    while (block.hasRemaining()) {
                        target.putDouble(block.getDouble());
                    }
                });
            case I64, U64, U32 ->
                fill(manager, file, info, DataType.INT64, (block, target) -> {
                    while (block.hasRemaining()) {
                        target.putLong(Elements.toLong(dtype, block));
                    }
                });
            case I32, I16, U16 ->
                fill(manager, file, info, DataType.INT32, (block, target) -> {
                    while (block.hasRemaining()) {
                        target.putInt((int) Elements.toLong(dtype, block));
                    }
                });
            case I8, U8, BOOL ->
                fill(manager, file, info, byteType(dtype), (block, target) -> {
                    while (block.hasRemaining()) {
                        target.put((byte) Elements.toLong(dtype, block));
                    }
                });
        };
    }

    static OptionalLong firstNonFinite(SafetensorsFile file, TensorInfo info) {
        if (!info.dtype().isFloating()) {
            return OptionalLong.empty();
        }
        NonFiniteSearch search = new NonFiniteSearch(info);
        file.read(info, search);
        return search.found < 0 ? OptionalLong.empty() : OptionalLong.of(search.found);
    }

    private static float[] block(TensorInfo info) {
        return new float[(int) Math.min(BLOCK, info.size())];
    }

    private static DataType byteType(DType dtype) {
        return switch (dtype) {
            case I8 -> DataType.INT8;
            case U8 -> DataType.UINT8;
            default -> DataType.BOOLEAN;
        };
    }

    private static NDArray fill(
            NDManager manager, SafetensorsFile file, TensorInfo info, DataType type, Converter converter) {
        NDArray array = manager.create(info.shape(), type, Device.cpu());
        try (NativeTarget target = new NativeTarget(array)) {
            file.read(
                    info,
                    block -> converter.convert(
                            block, target.next(block.remaining() / info.dtype().bytes())));
        } catch (RuntimeException e) {
            array.close();
            throw e;
        }
        if (manager.getDevice().equals(Device.cpu())) {
            return array;
        }
        try (array) {
            return array.toDevice(manager.getDevice(), true);
        }
    }

    /** Writes a block's elements to native memory and moves the target on by as much. */
    @FunctionalInterface
    private interface Converter {
        void convert(ByteBuffer block, ByteBuffer target);
    }

    /**
     * The memory of a fresh array as a row of buffers. They alias the array, so none may outlive it; that is why they
     * stay inside this class.
     */
    private static final class NativeTarget implements AutoCloseable {
        private final NDArray flat;
        private long viewed;
        private @Nullable ByteBuffer view;

        NativeTarget(NDArray array) {
            // An alias: a fresh array is contiguous.
            this.flat = array.reshape(new Shape(array.size()));
        }

        ByteBuffer next(int elements) {
            ByteBuffer current = view;
            if (current == null || !current.hasRemaining()) {
                long end = Math.min(flat.size(), viewed + VIEW);
                try (NDArray part = flat.get(new NDIndex("{}:{}", viewed, end))) {
                    current = part.toByteBuffer(true);
                }
                view = current;
                viewed = end;
            }
            if (current.remaining() < elements) {
                throw new IllegalStateException("blocks and views must have a common measure");
            }
            return current;
        }

        @Override
        public void close() {
            view = null;
            flat.close();
        }
    }

    private static final class NonFiniteSearch implements SafetensorsFile.BlockSink {
        private final DType dtype;
        private final float[] floats;
        private long seen;
        private long found = -1;

        NonFiniteSearch(TensorInfo info) {
            this.dtype = info.dtype();
            this.floats = block(info);
        }

        @Override
        public void accept(ByteBuffer block) {
            int count = Elements.toFloats(dtype, block, floats);
            for (int i = 0; i < count && found < 0; i++) {
                if (!Float.isFinite(floats[i])) {
                    found = seen + i;
                }
            }
            seen += count;
        }
    }
}
