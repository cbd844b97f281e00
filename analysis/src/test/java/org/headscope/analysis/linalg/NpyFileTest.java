package org.headscope.analysis.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
    /** What NumPy 2.4 saves for float32 [[1, 0, 0.5], [0.25, 1, 1]]. */
    private static final byte[] NUMPY_F4 = Base64.getDecoder()
            .decode("k05VTVBZAQB2AHsnZGVzY3InOiAnPGY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAg"
                    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAIA/AAAAAAAAAD8AAIA+"
                    + "AACAPwAAgD8=");
    /** What NumPy saves for the float64 numbers 0..5 as 2 x 3 in column order. */
    private static final byte[] NUMPY_COLUMN_ORDER = Base64.getDecoder()
            .decode("k05VTVBZAQB2AHsnZGVzY3InOiAnPGY4JywgJ2ZvcnRyYW5fb3JkZXInOiBUcnVlLCAnc2hhcGUnOiAoMiwgMyksIH0gICAg"
                    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAAAAAAAAAAAAAAAAAAhA"
                    + "AAAAAAAA8D8AAAAAAAAQQAAAAAAAAABAAAAAAAAAFEA=");
    /** What NumPy saves for int64 [1, -2, 2^62]. */
    private static final byte[] NUMPY_I8 = Base64.getDecoder()
            .decode("k05VTVBZAQB2AHsnZGVzY3InOiAnPGk4JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDMsKSwgfSAgICAg"
                    + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoBAAAAAAAAAP7/////////"
                    + "AAAAAAAAAEA=");
    /** What NumPy saves for big-endian float32 [[1, 2], [3, 4]]. */
    private static final byte[] NUMPY_BIG_ENDIAN = Base64.getDecoder()
            .decode(
                    "k05VTVBZAQB2AHsnZGVzY3InOiAnPmY0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAg"
                            + "ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAo/gAAAQAAAAEBAAABAgAAA");

    @TempDir
    private Path folder;

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("array.npy");
    }

    private NpyArray read(byte[] bytes) throws IOException {
        Files.write(file, bytes);
        return NpyFile.read(file);
    }

    private static byte[] withHeader(String header, int dataBytes) {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[10 + text.length + dataBytes];
        System.arraycopy(NUMPY_F4, 0, all, 0, 8);
        all[8] = (byte) text.length;
        all[9] = (byte) (text.length >> 8);
        System.arraycopy(text, 0, all, 10, text.length);
        return all;
    }

    @Test
    void writesTheSameBytesAsNumPy() throws IOException {
        NpyFile.write(file, NpyArray.of(List.of(2, 3), new float[] {1, 0, 0.5f, 0.25f, 1, 1}));
        assertThat(Files.readAllBytes(file)).isEqualTo(NUMPY_F4);
    }

    @Test
    void readsFloat32OfNumPy() throws IOException {
        NpyArray array = read(NUMPY_F4);
        assertThat(array.shape()).containsExactly(2, 3);
        assertThat(array.type()).isEqualTo(NpyType.FLOAT32);
        assertThat(array.toDoubles()).containsExactly(1, 0, 0.5, 0.25, 1, 1);
    }

    @Test
    void readsColumnOrderIntoRowOrder() throws IOException {
        assertThat(read(NUMPY_COLUMN_ORDER).toDoubles()).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void readsWholeNumbersWithoutRounding() throws IOException {
        assertThat(read(NUMPY_I8).toLongs()).containsExactly(1, -2, 1L << 62);
    }

    @Test
    void readsBigEndianNumbers() throws IOException {
        assertThat(read(NUMPY_BIG_ENDIAN).toDoubles()).containsExactly(1, 2, 3, 4);
    }

    @Test
    void readsASingleNumber() throws IOException {
        byte[] bytes = withHeader("{'descr': '<f8', 'fortran_order': False, 'shape': (), }\n", 8);
        NpyArray array = read(bytes);
        assertThat(array.shape()).isEmpty();
        assertThat(array.toDoubles()).containsExactly(0);
    }

    @Test
    void writtenNumbersReadBackEqual() {
        double[] values = {Double.NaN, Double.NEGATIVE_INFINITY, -0.0, 1e-300};
        NpyFile.write(file, NpyArray.of(List.of(1, 4), values));
        assertThat(NpyFile.read(file).toDoubles()).containsExactly(values);
        NpyFile.write(file, NpyArray.of(List.of(2), new long[] {Long.MIN_VALUE, 7}));
        assertThat(NpyFile.read(file).toLongs()).containsExactly(Long.MIN_VALUE, 7);
    }

    @Test
    void refusesAFileThatWasCutOff() {
        assertThatThrownBy(() -> read(Arrays.copyOf(NUMPY_F4, NUMPY_F4.length - 1)))
                .isInstanceOf(NpyException.class)
                .hasMessageContaining("array.npy")
                .hasMessageContaining("cut off");
    }

    @Test
    void refusesBytesBehindTheNumbers() {
        assertThatThrownBy(() -> read(Arrays.copyOf(NUMPY_F4, NUMPY_F4.length + 1)))
                .isInstanceOf(NpyException.class)
                .hasMessageContaining("1 bytes more");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{'descr': '<f4', 'fortran_order': False}",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2), }",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'shape': (2,)}",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'extra': True}",
                "{'descr': '<f4', 'fortran_order': 'False', 'shape': (2,)}",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,)}",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} ; import os",
                "{'descr': '|O', 'fortran_order': False, 'shape': (2,)}",
                "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,)}",
                "{'descr': '<', 'fortran_order': False, 'shape': (2,)}",
                "{'descr': False, 'fortran_order': False, 'shape': (2,)}"
            })
    void refusesAHeaderThatIsNotAPlainArray(String header) {
        assertThatThrownBy(() -> read(withHeader(header, 8))).isInstanceOf(NpyException.class);
    }

    @Test
    void refusesAShapeWhoseSizeOverflowsWithoutTakingMemory() {
        String huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (2147483647, 2147483647, 2147483647)}";
        assertThatThrownBy(() -> read(withHeader(huge, 8)))
                .isInstanceOf(NpyException.class)
                .hasMessageContaining("larger than 2 GB");
    }

    @Test
    void refusesSomethingThatIsNoArray() {
        assertThatThrownBy(() -> read("not an array at all".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(NpyException.class)
                .hasMessageContaining("does not start like");
    }

    @Test
    void namesAMissingFile() {
        assertThatThrownBy(() -> NpyFile.read(folder.resolve("absent.npy")))
                .isInstanceOf(NpyException.class)
                .hasMessageContaining("absent.npy");
    }

    @Test
    void wholeNumbersOfAFloatArrayAreRefused() throws IOException {
        NpyArray array = read(NUMPY_F4);
        assertThatThrownBy(array::toLongs).isInstanceOf(NpyException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void damagedFilesAreReadOrRefusedWithATypedError(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            byte[] bad = Arrays.copyOf(NUMPY_F4, random.nextInt(NUMPY_F4.length + 8));
            for (int k = 0; k < 2 && bad.length > 0; k++) {
                bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(read(bad).toDoubles()).isNotNull();
            } catch (NpyException expected) {
                assertThat(expected.getMessage()).contains("array.npy");
            }
        }
    }
}
