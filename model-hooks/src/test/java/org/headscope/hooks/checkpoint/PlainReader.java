package org.headscope.hooks.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The shortest reader of sound float32 and int64 safetensors files, as an oracle: all in one array, no checks. */
final class PlainReader {
    private final byte[] bytes;
    private final int dataStart;
    final JsonNode header;

    PlainReader(Path file) throws IOException {
        bytes = Files.readAllBytes(file);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        header = new ObjectMapper().readTree(new String(bytes, 8, length, StandardCharsets.UTF_8));
        dataStart = 8 + length;
    }

    float[] floats(String name) {
        float[] values = new float[data(name).remaining() / 4];
        data(name).asFloatBuffer().get(values);
        return values;
    }

    long[] longs(String name) {
        long[] values = new long[data(name).remaining() / 8];
        data(name).asLongBuffer().get(values);
        return values;
    }

    private ByteBuffer data(String name) {
        JsonNode offsets = header.get(name).get("data_offsets");
        int begin = offsets.get(0).asInt();
        return ByteBuffer.wrap(bytes, dataStart + begin, offsets.get(1).asInt() - begin)
                .order(ByteOrder.LITTLE_ENDIAN);
    }
}
