package org.headscope.hooks.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.headscope.hooks.checkpoint.HeaderParser.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * One open safetensors file: eight bytes of header length, a JSON header, then the tensors' bytes.
 *
 * <p>Opening reads and checks the header only. Tensors are mapped when they are read, in windows, so files and tensors
 * of any length work. Any number of threads may read at a time.
 */
public final class SafetensorsFile implements AutoCloseable {
    /** The longest header of the reference implementation. */
    static final long MAX_HEADER = 100_000_000;

    private static final int LENGTH_BYTES = 8;
    /** Multiples of every element size, so no element is ever split. */
    private static final int WINDOW = 64 << 20;

    private static final int BLOCK = 64 << 10;

    private final Path path;
    private final FileChannel channel;
    private final Map<String, TensorInfo> tensors;
    private final Map<String, String> metadata;

    private SafetensorsFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        byte[] json = readHeader(channel);
        Header header = HeaderParser.parse(json);
        long dataStart = LENGTH_BYTES + (long) json.length;
        this.tensors = Collections.unmodifiableMap(
                HeaderLayout.place(header.entries(), dataStart, channel.size() - dataStart));
        this.metadata = Collections.unmodifiableMap(header.metadata());
    }

    /** Takes the bytes of a tensor, block by block. */
    @FunctionalInterface
    interface BlockSink {
        /**
         * @param block little-endian bytes of whole elements; valid during the call only
         */
        void accept(ByteBuffer block);
    }

    /**
     * Opens a file and checks its header.
     *
     * @param path the file
     * @return the open file
     * @throws CheckpointException when it is missing, or is not a sound safetensors file
     */
    public static SafetensorsFile open(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new CheckpointException(
                    Kind.MISSING_FILE, "There is no file " + path + ". Check the path, or fetch the file again.");
        }
        FileChannel channel = null;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            return new SafetensorsFile(path, channel);
        } catch (CheckpointException e) {
            closeQuietly(channel);
            throw new CheckpointException(e.kind(), path + " cannot be used: " + e.getMessage() + ".", e);
        } catch (IOException e) {
            closeQuietly(channel);
            throw new CheckpointException(Kind.UNREADABLE, path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    /** {@return where the file is} */
    public Path path() {
        return path;
    }

    /** {@return the names of all tensors, in the order of their bytes} */
    public Set<String> names() {
        return tensors.keySet();
    }

    /** {@return the free text under {@code __metadata__}; empty when the file has none} */
    public Map<String, String> metadata() {
        return metadata;
    }

    /**
     * Looks a tensor up.
     *
     * @param name its name
     * @return where it lies, or null when the file does not hold it
     */
    public @Nullable TensorInfo find(String name) {
        return tensors.get(name);
    }

    /** Hands all bytes of a tensor of this file to {@code sink}. */
    void read(TensorInfo info, BlockSink sink) {
        try {
            long done = 0;
            while (done < info.byteLength()) {
                int length = (int) Math.min(WINDOW, info.byteLength() - done);
                readWindow(info.offset() + done, length, sink);
                done += length;
            }
        } catch (IOException e) {
            Kind kind = channel.isOpen() ? Kind.TRUNCATED : Kind.UNREADABLE;
            String reason = channel.isOpen() ? String.valueOf(e.getMessage()) : "the checkpoint has been closed";
            throw new CheckpointException(
                    kind,
                    "Tensor '" + Text.shorten(info.name()) + "' of " + path + " cannot be read: " + reason + ".",
                    e);
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private void readWindow(long offset, int length, BlockSink sink) throws IOException {
        byte[] block = new byte[Math.min(BLOCK, length)];
        try (Mapping mapping = Mapping.of(channel, offset, length)) {
            for (int from = 0; from < length; from += BLOCK) {
                int count = Math.min(BLOCK, length - from);
                mapping.copy(from, block, count);
                sink.accept(ByteBuffer.wrap(block, 0, count).order(ByteOrder.LITTLE_ENDIAN));
            }
        }
    }

    private static byte[] readHeader(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < LENGTH_BYTES) {
            throw new CheckpointException(
                    Kind.TRUNCATED, "it is " + size + " bytes long, too short for a safetensors file");
        }
        long length = ByteBuffer.wrap(readFully(channel, 0, LENGTH_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        if (length < 0 || length > MAX_HEADER) {
            throw new CheckpointException(
                    Kind.OVERSIZED_HEADER,
                    "it claims a header of " + Long.toUnsignedString(length) + " bytes, more than the " + MAX_HEADER
                            + " that are allowed; it is probably not a safetensors file");
        }
        if (length > size - LENGTH_BYTES) {
            throw new CheckpointException(
                    Kind.TRUNCATED,
                    "it claims a header of " + length + " bytes but is only " + size
                            + " bytes long. Fetch or copy it again");
        }
        return readFully(channel, LENGTH_BYTES, (int) length);
    }

    private static byte[] readFully(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new CheckpointException(Kind.TRUNCATED, "it ends inside its header");
            }
        }
        return bytes.array();
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LoggerFactory.getLogger(SafetensorsFile.class).warn("Could not close a checkpoint file", e);
            }
        }
    }
}
