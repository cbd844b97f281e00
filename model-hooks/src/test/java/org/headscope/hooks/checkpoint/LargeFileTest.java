package org.headscope.hooks.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.headscope.hooks.runtime.Engines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Offsets beyond what 31 and 32 bits hold, in files that are mostly holes and take next to no room. */
@Tag("engine")
class LargeFileTest {
    private static final long GIB = 1L << 30;

    @TempDir
    private Path folder;

    @Test
    void aTensorBehindFiveGibibytesIsRead() throws IOException {
        writeSparse(5 * GIB, 42.5f);

        try (NDManager manager = Engines.newManager();
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.info("last").offset()).isGreaterThan(5 * GIB);
            assertThat(checkpoint.load(manager, "last").getFloat()).isEqualTo(42.5f);
        }
    }

    @Test
    @Tag("slow")
    void aTensorOfMoreThanTwoGibibytesIsReadToItsEnd() throws IOException {
        long elements = 5 * GIB / 4; // two bytes each: 2.5 GiB
        writeSparse(elements * 2, Float.NaN);
        patch(fileSize() - 6, (short) 0x7F80);

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.firstNonFinite("first")).hasValue(elements - 1);
        }
    }

    /** A tensor {@code first} of {@code holeBytes} zeros that take no room, then {@code last}, one float. */
    private void writeSparse(long holeBytes, float last) throws IOException {
        byte[] header = RawFile.bytes(
                "{'first':{'dtype':'BF16','shape':[" + holeBytes / 2 + "],'data_offsets':[0," + holeBytes + "]},"
                        + "'last':{'dtype':'F32','shape':[1],'data_offsets':[" + holeBytes + "," + (holeBytes + 4)
                        + "]}}",
                0);
        Path path = folder.resolve("model.safetensors");
        try (FileChannel channel = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(header));
            ByteBuffer number =
                    ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, last);
            channel.write(number, header.length + holeBytes);
        } catch (IOException e) {
            assumeTrue(false, "this disk cannot hold a sparse file of " + holeBytes + " bytes: " + e.getMessage());
        }
    }

    private long fileSize() throws IOException {
        return Files.size(folder.resolve("model.safetensors"));
    }

    private void patch(long position, short bits) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve("model.safetensors"), StandardOpenOption.WRITE)) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN).putShort(0, bits);
            channel.write(bytes, position);
        }
    }
}
