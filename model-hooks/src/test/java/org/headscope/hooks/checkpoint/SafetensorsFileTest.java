package org.headscope.hooks.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SafetensorsFileTest {
    private static final String TWO_FLOATS = "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";

    @TempDir
    private Path folder;

    @Test
    void aSoundHeaderTellsTypeShapeAndPlace() {
        Path path = RawFile.write(
                folder,
                "{'__metadata__':{'format':'pt'},'a':{'dtype':'BF16','shape':[2,3],'data_offsets':[0,12]}}   ",
                12);

        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            long dataStart = path.toFile().length() - 12;
            assertThat(file.find("a")).isEqualTo(new TensorInfo("a", DType.BF16, new Shape(2, 3), dataStart, 12));
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
        }
    }

    @Test
    void tensorsWithoutElementsAndSingleNumbersAreSound() {
        Path path = RawFile.write(
                folder,
                "{'none':{'dtype':'F32','shape':[0,5],'data_offsets':[0,0]},"
                        + "'one':{'dtype':'I64','shape':[],'data_offsets':[0,8]}}",
                8);

        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names()).containsExactly("none", "one");
        }
    }

    @Test
    void anOrderOfTheHeaderThatDiffersFromTheBytesIsSound() {
        Path path = RawFile.write(
                folder,
                "{'b':{'dtype':'U8','shape':[1],'data_offsets':[1,2]},"
                        + "'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}}",
                2);

        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.names()).containsExactly("a", "b");
        }
    }

    static Stream<Arguments> badHeaders() {
        return Stream.of(
                badHeader(Kind.BAD_HEADER, "not JSON", "{'a':{'dtype'", 0),
                badHeader(Kind.BAD_HEADER, "not an object", "[1, 2]", 0),
                badHeader(Kind.BAD_HEADER, "something follows", "{} {}", 0),
                badHeader(Kind.BAD_HEADER, "name twice", twice("a", "a"), 2),
                badHeader(Kind.BAD_HEADER, "no shape", "{'a':{'dtype':'U8','data_offsets':[0,1]}}", 1),
                badHeader(Kind.BAD_HEADER, "not an object inside", "{'a':7}", 0),
                badHeader(Kind.BAD_HEADER, "metadata not text", "{'__metadata__':{'a':1}}", 0),
                badHeader(Kind.BAD_HEADER, "offsets reversed", tensor("U8", "[1]", "[1,0]"), 1),
                badHeader(Kind.BAD_HEADER, "one offset", tensor("U8", "[1]", "[1]"), 1),
                badHeader(Kind.BAD_HEADER, "fractional axis", tensor("U8", "[1.0]", "[0,1]"), 1),
                badHeader(Kind.BAD_HEADER, "axis as text", tensor("U8", "['1']", "[0,1]"), 1),
                badHeader(Kind.BAD_HEADER, "negative axis", tensor("U8", "[-1]", "[0,1]"), 1),
                badHeader(Kind.BAD_HEADER, "axis beyond 64 bits", tensor("U8", "[18446744073709551616]", "[0,1]"), 1),
                badHeader(Kind.BAD_HEADER, "too many axes", tensor("U8", "[1" + ",1".repeat(99) + "]", "[0,1]"), 1),
                badHeader(Kind.BAD_HEADER, "deep nesting", "{'a':" + "[".repeat(100_000), 0),
                badHeader(Kind.WRONG_DTYPE, "unknown type", tensor("X99", "[1]", "[0,1]"), 1),
                badHeader(Kind.WRONG_DTYPE, "quantised", tensor("F8_E4M3", "[1]", "[0,1]"), 1),
                badHeader(Kind.WRONG_DTYPE, "type in lower case", tensor("f32", "[1]", "[0,4]"), 4),
                badHeader(Kind.WRONG_SHAPE, "shape against bytes", tensor("F32", "[3]", "[0,8]"), 8),
                badHeader(Kind.WRONG_SHAPE, "overflow", tensor("F32", "[4294967296,4294967296]", "[0,0]"), 0),
                badHeader(
                        Kind.WRONG_SHAPE,
                        "empty yet uncountable",
                        tensor("U8", "[0,4294967296,4294967296]", "[0,0]"),
                        0),
                badHeader(Kind.TRUNCATED, "ends beyond the file", tensor("U8", "[9]", "[0,9]"), 8),
                badHeader(Kind.OVERLAP, "overlap", two("[0,2]", "[1,3]"), 3),
                badHeader(Kind.OVERLAP, "same bytes", two("[0,2]", "[0,2]"), 2),
                badHeader(Kind.GAP, "hole", two("[0,2]", "[3,5]"), 5),
                badHeader(Kind.GAP, "hole at the start", tensor("U8", "[1]", "[1,2]"), 2),
                badHeader(Kind.GAP, "bytes left over", tensor("U8", "[1]", "[0,1]"), 2));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("badHeaders")
    void anUnsoundHeaderIsRefusedForWhatItIs(Kind kind, String what, byte[] content) {
        Path path = RawFile.write(folder, content);

        Expect.refusal(kind, () -> SafetensorsFile.open(path)).hasMessageContaining("model.safetensors");
    }

    @Test
    void aHeaderThatIsNotUtf8IsRefused() {
        byte[] content = RawFile.bytes(TWO_FLOATS, 8);
        content[10] = (byte) 0xFF;

        Expect.refusal(Kind.BAD_HEADER, () -> SafetensorsFile.open(RawFile.write(folder, content)));
    }

    @Test
    void aHeaderInUtf16IsRefused() {
        byte[] json = TWO_FLOATS.replace('\'', '"').getBytes(StandardCharsets.UTF_16LE);
        byte[] content = ByteBuffer.allocate(16 + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();

        Expect.refusal(Kind.BAD_HEADER, () -> SafetensorsFile.open(RawFile.write(folder, content)));
    }

    @ParameterizedTest
    @MethodSource("oversizedLengths")
    void anOversizedHeaderIsRefusedBeforeItIsRead(long length) {
        byte[] content = withLength(length);

        Expect.refusal(Kind.OVERSIZED_HEADER, () -> SafetensorsFile.open(RawFile.write(folder, content)))
                .hasMessageContaining(Long.toUnsignedString(length));
    }

    static Stream<Long> oversizedLengths() {
        return Stream.of(100_000_001L, Long.MAX_VALUE, -1L);
    }

    @Test
    void aHeaderLongerThanTheFileIsRefusedAsTruncated() {
        byte[] content = withLength(100_000_000);

        Expect.refusal(Kind.TRUNCATED, () -> SafetensorsFile.open(RawFile.write(folder, content)));
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] content = RawFile.bytes(TWO_FLOATS, 8);

        for (int length = 0; length < content.length; length++) {
            Path path = RawFile.write(folder, Arrays.copyOf(content, length));
            Expect.refusal(Kind.TRUNCATED, () -> SafetensorsFile.open(path));
        }
    }

    @Test
    void aMissingFileIsNamed() {
        Expect.refusal(Kind.MISSING_FILE, () -> SafetensorsFile.open(folder.resolve("absent.safetensors")))
                .hasMessageContaining("absent.safetensors");
    }

    @Test
    void aTensorThatWasCutOffAfterOpeningIsAnErrorNotACrash() throws IOException {
        Path path =
                RawFile.write(folder, "{'a':{'dtype':'U8','shape':[1000000],'data_offsets':[0,1000000]}}", 1_000_000);
        try (SafetensorsFile file = SafetensorsFile.open(path);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            TensorInfo info = Objects.requireNonNull(file.find("a"));
            channel.truncate(500_000);

            Expect.refusal(Kind.TRUNCATED, () -> file.read(info, block -> {}));
        }
    }

    @Test
    void aTensorThatIsCutOffWhileItIsReadIsAnErrorNotACrash() throws IOException {
        Path path =
                RawFile.write(folder, "{'a':{'dtype':'U8','shape':[1000000],'data_offsets':[0,1000000]}}", 1_000_000);
        try (SafetensorsFile file = SafetensorsFile.open(path);
                FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            TensorInfo info = Objects.requireNonNull(file.find("a"));

            Expect.refusal(Kind.TRUNCATED, () -> file.read(info, block -> truncate(channel)));
        }
    }

    @Test
    void readingAfterClosingIsRefused() {
        SafetensorsFile file = SafetensorsFile.open(RawFile.write(folder, TWO_FLOATS, 8));
        TensorInfo info = Objects.requireNonNull(file.find("a"));
        file.close();

        Expect.refusal(Kind.UNREADABLE, () -> file.read(info, block -> {})).hasMessageContaining("closed");
    }

    @Test
    void aFolderInPlaceOfAFileIsRefused() throws IOException {
        Path path = Files.createDirectory(folder.resolve("x.safetensors"));

        Expect.refusal(Kind.MISSING_FILE, () -> SafetensorsFile.open(path));
    }

    private static void truncate(FileChannel channel) {
        try {
            channel.truncate(100_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] withLength(long length) {
        byte[] content = RawFile.bytes(TWO_FLOATS, 8);
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(0, length);
        return content;
    }

    private static Arguments badHeader(Kind kind, String what, String header, int dataBytes) {
        return Arguments.of(kind, what, RawFile.bytes(header, dataBytes));
    }

    private static String tensor(String dtype, String shape, String offsets) {
        return "{'a':{'dtype':'" + dtype + "','shape':" + shape + ",'data_offsets':" + offsets + "}}";
    }

    private static String two(String first, String second) {
        return "{'a':{'dtype':'U8','shape':[2],'data_offsets':" + first
                + "},'b':{'dtype':'U8','shape':[2],'data_offsets':" + second + "}}";
    }

    private static String twice(String first, String second) {
        return "{'" + first + "':{'dtype':'U8','shape':[1],'data_offsets':[0,1]},'" + second
                + "':{'dtype':'U8','shape':[1],'data_offsets':[1,2]}}";
    }
}
