package org.headscope.hooks.tiny;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The shortest possible reading of a small safetensors file: the oracle shares no code with what is tested. */
final class PlainSafetensors {
    private PlainSafetensors() {}

    /** A tensor; ids are kept as floats too, which is exact at these sizes. */
    record Tensor(long[] shape, float[] values) {
        int[] ints() {
            int[] ints = new int[values.length];
            for (int i = 0; i < ints.length; i++) {
                ints[i] = (int) values[i];
            }
            return ints;
        }
    }

    static Map<String, Tensor> read(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            int headerLength = (int) bytes.getLong(0);
            JsonNode header = new ObjectMapper().readTree(bytes.array(), 8, headerLength);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            header.fields().forEachRemaining(entry -> {
                if (!entry.getKey().equals("__metadata__")) {
                    tensors.put(entry.getKey(), tensor(entry.getValue(), bytes, 8 + headerLength));
                }
            });
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Tensor tensor(JsonNode info, ByteBuffer bytes, int start) {
        long[] shape = new long[info.get("shape").size()];
        int size = 1;
        for (int i = 0; i < shape.length; i++) {
            shape[i] = info.get("shape").get(i).asLong();
            size *= (int) shape[i];
        }
        int from = start + info.get("data_offsets").get(0).asInt();
        boolean wide = info.get("dtype").asText().equals("I64");
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = wide ? bytes.getLong(from + 8 * i) : bytes.getFloat(from + 4 * i);
        }
        return new Tensor(shape, values);
    }
}
