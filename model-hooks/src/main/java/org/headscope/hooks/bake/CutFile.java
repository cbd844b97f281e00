package org.headscope.hooks.bake;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.headscope.hooks.checkpoint.SafetensorsFile;
import org.headscope.hooks.checkpoint.TensorInfo;
import org.headscope.hooks.io.AtomicFile;

/** A safetensors file of which some tensors lose some of their rows or columns; numbers stay as they are stored. */
final class CutFile {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int ALIGNMENT = 8;

    private final Map<String, String> metadata;
    private final Map<TensorInfo, KeptBytes> kept = new LinkedHashMap<>();
    private final Path source;

    CutFile(Path source, Function<TensorInfo, KeptBytes> cut) {
        this.source = source;
        try (SafetensorsFile file = SafetensorsFile.open(source)) {
            this.metadata = Map.copyOf(file.metadata());
            for (String name : file.names()) {
                TensorInfo info = Objects.requireNonNull(file.find(name));
                kept.put(info, cut.apply(info));
            }
        }
    }

    /** Bytes of all tensors that are written. */
    long byteLength() {
        return kept.values().stream().mapToLong(KeptBytes::byteLength).sum();
    }

    void write(Path target) {
        AtomicFile.write(target, this::writeTo);
    }

    private void writeTo(OutputStream out) throws IOException {
        byte[] header = header();
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, header.length)
                .array());
        out.write(header);
        WritableByteChannel sink = Channels.newChannel(out);
        try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
            for (KeptBytes bytes : kept.values()) {
                for (KeptBytes.Stretch stretch : bytes.stretches()) {
                    copy(in, stretch, sink);
                }
            }
        }
    }

    private static void copy(FileChannel in, KeptBytes.Stretch stretch, WritableByteChannel sink) throws IOException {
        long done = 0;
        while (done < stretch.length()) {
            long moved = in.transferTo(stretch.from() + done, stretch.length() - done, sink);
            if (moved <= 0) {
                throw new IOException("the file ends early");
            }
            done += moved;
        }
    }

    private byte[] header() throws IOException {
        ObjectNode root = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            metadata.forEach(root.putObject("__metadata__")::put);
        }
        long offset = 0;
        for (Map.Entry<TensorInfo, KeptBytes> entry : kept.entrySet()) {
            ObjectNode node = root.putObject(entry.getKey().name());
            node.put("dtype", entry.getKey().dtype().name());
            ArrayNode shape = node.putArray("shape");
            Arrays.stream(entry.getValue().shape().getShape()).forEach(shape::add);
            long end = offset + entry.getValue().byteLength();
            node.putArray("data_offsets").add(offset).add(end);
            offset = end;
        }
        byte[] bytes = JSON.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(bytes, (bytes.length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
        Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
        return padded;
    }
}
