package org.headscope.hooks.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files put together by hand, sound or not. */
final class RawFile {
    private RawFile() {}

    /** The length of the header, the header, {@code dataBytes} zeros. Single quotes stand for double ones. */
    static byte[] bytes(String header, int dataBytes) {
        return bytes(header, new byte[dataBytes]);
    }

    static byte[] bytes(String header, byte[] data) {
        byte[] json = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(data)
                .array();
    }

    static Path write(Path folder, String header, int dataBytes) {
        return write(folder, bytes(header, dataBytes));
    }

    static Path write(Path folder, byte[] bytes) {
        return replace(folder.resolve("model.safetensors"), bytes);
    }

    /** Deleting first is much faster than truncating, which some file systems turn into a flush. */
    static Path replace(Path file, byte[] bytes) {
        try {
            Files.deleteIfExists(file);
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
