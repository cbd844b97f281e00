package org.headscope.hooks.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.AtomicFile;

/**
 * Collects tensors and writes them to a safetensors file.
 *
 * <pre>{@code
 * new SafetensorsWriter()
 *         .metadata("prompt", "The cat")
 *         .add("blocks.0.attn.hook_z", z)
 *         .add("input_ids", new Shape(1, 2), new long[] {464, 3797})
 *         .write(path);
 * }</pre>
 *
 * Arrays are read when the file is written and must be open and unchanged until then.
 */
public final class SafetensorsWriter {
    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, TensorBytes> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    /**
     * Adds a line of free text to the header.
     *
     * @param key its name
     * @param value the text
     * @return this
     */
    public SafetensorsWriter metadata(String key, String value) {
        metadata.put(key, value);
        return this;
    }

    /**
     * Adds a tensor in its own number type.
     *
     * @param name its name in the file
     * @param array the tensor
     * @return this
     * @throws HeadscopeException when the name is taken or the type cannot be stored
     */
    public SafetensorsWriter add(String name, NDArray array) {
        return put(name, TensorBytes.of(array, TensorBytes.storedType(array)));
    }

    /**
     * Adds a tensor rounded to another float type.
     *
     * @param name its name in the file
     * @param array the tensor, float32
     * @param dtype {@code F32}, {@code F16} or {@code BF16}
     * @return this
     * @throws HeadscopeException when the name is taken or the types do not go together
     */
    public SafetensorsWriter add(String name, NDArray array, DType dtype) {
        return put(name, TensorBytes.of(array, dtype));
    }

    /**
     * Adds 32-bit floats.
     *
     * @param name the tensor's name in the file
     * @param shape its axes
     * @param values its elements, row by row
     * @return this
     */
    public SafetensorsWriter add(String name, Shape shape, float[] values) {
        TensorBytes.requireSize(shape, values.length);
        ByteBuffer bytes = littleEndian(values.length * 4L);
        bytes.asFloatBuffer().put(values);
        return put(name, TensorBytes.of(DType.F32, shape, bytes));
    }

    /**
     * Adds 64-bit floats.
     *
     * @param name the tensor's name in the file
     * @param shape its axes
     * @param values its elements, row by row
     * @return this
     */
    public SafetensorsWriter add(String name, Shape shape, double[] values) {
        TensorBytes.requireSize(shape, values.length);
        ByteBuffer bytes = littleEndian(values.length * 8L);
        bytes.asDoubleBuffer().put(values);
        return put(name, TensorBytes.of(DType.F64, shape, bytes));
    }

    /**
     * Adds 64-bit integers.
     *
     * @param name the tensor's name in the file
     * @param shape its axes
     * @param values its elements, row by row
     * @return this
     */
    public SafetensorsWriter add(String name, Shape shape, long[] values) {
        TensorBytes.requireSize(shape, values.length);
        ByteBuffer bytes = littleEndian(values.length * 8L);
        bytes.asLongBuffer().put(values);
        return put(name, TensorBytes.of(DType.I64, shape, bytes));
    }

    /**
     * Writes everything under a temporary name, then renames it.
     *
     * @param target the file to create or replace
     * @throws HeadscopeException when it cannot be written; what was there stays
     */
    public void write(Path target) {
        AtomicFile.write(target, this::writeTo);
    }

    private void writeTo(OutputStream out) throws IOException {
        // Wide elements first keeps every tensor aligned to its element.
        List<Map.Entry<String, TensorBytes>> ordered = tensors.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, TensorBytes> entry) ->
                                -entry.getValue().dtype().bytes())
                        .thenComparing(Map.Entry::getKey))
                .toList();
        byte[] header = header(ordered);
        out.write(littleEndian(8).putLong(0, header.length).array());
        out.write(header);
        for (Map.Entry<String, TensorBytes> entry : ordered) {
            entry.getValue().writeTo(out);
        }
    }

    private byte[] header(List<Map.Entry<String, TensorBytes>> ordered) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            metadata.forEach(root.putObject("__metadata__")::put);
        }
        long offset = 0;
        for (Map.Entry<String, TensorBytes> entry : ordered) {
            TensorBytes tensor = entry.getValue();
            ObjectNode node = root.putObject(entry.getKey());
            node.put("dtype", tensor.dtype().name());
            for (long axis : tensor.shape().getShape()) {
                node.withArray("shape").add(axis);
            }
            node.withArray("shape");
            long end = offset + tensor.byteLength();
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        return padded(JSON.writeValueAsString(root));
    }

    private static byte[] padded(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
        Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
        return padded;
    }

    private SafetensorsWriter put(String name, TensorBytes tensor) {
        if (name.equals("__metadata__") || tensors.putIfAbsent(name, tensor) != null) {
            throw new HeadscopeException(
                    "A tensor named '" + Text.shorten(name) + "' cannot be added: the name is taken.");
        }
        return this;
    }

    private static ByteBuffer littleEndian(long bytes) {
        return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
