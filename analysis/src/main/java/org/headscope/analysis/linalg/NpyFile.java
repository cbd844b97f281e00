package org.headscope.analysis.linalg;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.headscope.hooks.io.AtomicFile;

/**
 * NumPy's {@code .npy} files. Reading trusts nothing: header length, shape and file size must agree before memory is
 * taken.
 */
public final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    /** Magic, version and header length of format 1.0, which is what we write. */
    static final int PREFIX_BYTES = 10;

    private static final int LONGEST_HEADER = 1 << 16;

    private NpyFile() {}

    /**
     * Writes an array, replacing the file only when the new one is complete.
     *
     * @param file where to
     * @param array what to write
     */
    public static void write(Path file, NpyArray array) {
        byte[] header = NpyHeader.write(array.type(), array.shape());
        ByteBuffer prefix = ByteBuffer.allocate(PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        prefix.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) header.length);
        AtomicFile.write(file, out -> {
            out.write(prefix.array());
            out.write(header);
            WritableByteChannel channel = Channels.newChannel(out);
            ByteBuffer bytes = array.bytes();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    /**
     * Reads an array; column order is turned into row order, big-endian numbers are swapped.
     *
     * @param file a {@code .npy} file of type float32, float64 or int64
     * @return its content
     * @throws NpyException when the file cannot be read, is damaged, or holds another type
     */
    public static NpyArray read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel);
        } catch (EOFException e) {
            throw new NpyException("Cannot read " + file + ": it ends too early; it was cut off.", e);
        } catch (IOException e) {
            throw new NpyException("Cannot read " + file + ": " + e + ".", e);
        } catch (NpyException e) {
            throw new NpyException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static NpyArray read(FileChannel channel) throws IOException {
        ByteBuffer start = fill(channel, ByteBuffer.allocate(MAGIC.length + 2));
        if (!Arrays.equals(Arrays.copyOf(start.array(), MAGIC.length), MAGIC)) {
            throw new NpyException("it does not start like a NumPy file.");
        }
        NpyHeader header = header(channel, start.get(MAGIC.length));
        List<Integer> shape = header.shape();
        int bytes = byteCount(header);
        long rest = channel.size() - channel.position();
        if (bytes > rest) {
            throw new EOFException();
        }
        if (bytes < rest) {
            throw new NpyException("it has " + (rest - bytes) + " bytes more than its shape " + shape + " needs.");
        }
        ByteBuffer data = fill(channel, ByteBuffer.allocate(bytes)).order(header.order());
        return NpyArray.adopt(header.type(), shape, header.fortranOrder() ? rowOrder(data, header) : data);
    }

    private static NpyHeader header(FileChannel channel, byte version) throws IOException {
        if (version < 1 || version > 3) {
            throw new NpyException("its format version is " + version + "; known are 1, 2 and 3.");
        }
        ByteBuffer length =
                fill(channel, ByteBuffer.allocate(version == 1 ? 2 : 4).order(ByteOrder.LITTLE_ENDIAN));
        long bytes = version == 1 ? Short.toUnsignedInt(length.getShort(0)) : Integer.toUnsignedLong(length.getInt(0));
        if (bytes > LONGEST_HEADER) {
            throw new NpyException("its header claims " + bytes + " bytes; that is not a plain array.");
        }
        ByteBuffer text = fill(channel, ByteBuffer.allocate((int) bytes));
        return NpyHeader.parse(new String(text.array(), StandardCharsets.UTF_8));
    }

    private static int byteCount(NpyHeader header) {
        try {
            long count = header.shape().stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
            return Math.toIntExact(Math.multiplyExact(count, header.type().bytes()));
        } catch (ArithmeticException e) {
            throw new NpyException("its shape " + header.shape() + " is larger than 2 GB.", e);
        }
    }

    private static ByteBuffer rowOrder(ByteBuffer columnOrder, NpyHeader header) {
        int size = header.type().bytes();
        int count = columnOrder.capacity() / size;
        ByteBuffer rows = ByteBuffer.allocate(columnOrder.capacity()).order(columnOrder.order());
        int[] index = new int[header.shape().size()];
        for (int from = 0; from < count; from++) {
            rows.put(offset(header.shape(), index) * size, columnOrder, from * size, size);
            advance(header.shape(), index);
        }
        return rows;
    }

    private static int offset(List<Integer> shape, int[] index) {
        int offset = 0;
        for (int axis = 0; axis < index.length; axis++) {
            offset = offset * shape.get(axis) + index[axis];
        }
        return offset;
    }

    /** Counts on with the first axis running fastest. */
    private static void advance(List<Integer> shape, int[] index) {
        for (int axis = 0; axis < index.length; axis++) {
            index[axis]++;
            if (index[axis] < shape.get(axis)) {
                return;
            }
            index[axis] = 0;
        }
    }

    private static ByteBuffer fill(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        return buffer.rewind();
    }
}
