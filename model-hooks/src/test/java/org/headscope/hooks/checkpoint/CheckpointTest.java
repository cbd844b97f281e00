package org.headscope.hooks.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.headscope.hooks.runtime.Engines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("engine")
class CheckpointTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            F64  | 8 | 3FF8000000000000 | 1.5
            F32  | 4 | C0200000         | -2.5
            F16  | 2 | 3555             | 0.33325195
            BF16 | 2 | 3EAB             | 0.33398438
            I64  | 8 | FFFFFFFFFFFFFFFE | -2
            I32  | 4 | 80000000         | -2147483648
            I16  | 2 | FFFF             | -1
            I8   | 1 | 80               | -128
            U64  | 8 | FFFFFFFFFFFFFFFF | 18446744073709551615
            U32  | 4 | FFFFFFFF         | 4294967295
            U16  | 2 | FFFF             | 65535
            U8   | 1 | FF               | 255
            BOOL | 1 | 07               | 1
            """)
    void everyNumberTypeLoadsAsFloat32(DType dtype, int bytes, String bits, float expected) {
        writeOne(dtype, bytes, bits);

        withTensor(Checkpoint::load, array -> {
            assertThat(array.getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat(array.toFloatArray()).containsExactly(expected);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            F64  | 8 | 3FF8000000000000 | FLOAT64 | 1.5
            F16  | 2 | 3C00             | FLOAT32 | 1.0
            I64  | 8 | 0123456789ABCDEF | INT64   | 81985529216486895
            I32  | 4 | 80000000         | INT32   | -2147483648
            I16  | 2 | FFFE             | INT32   | -2
            I8   | 1 | 80               | INT8    | -128
            U32  | 4 | FFFFFFFF         | INT64   | 4294967295
            U16  | 2 | FFFF             | INT32   | 65535
            U8   | 1 | FF               | UINT8   | 255
            BOOL | 1 | 01               | BOOLEAN | true
            """)
    void loadingRawKeepsTheKindOfNumber(DType dtype, int bytes, String bits, DataType type, String expected) {
        writeOne(dtype, bytes, bits);

        withTensor(Checkpoint::loadRaw, array -> {
            assertThat(array.getDataType()).isEqualTo(type);
            assertThat(text(array)).isEqualTo(expected);
        });
    }

    private static String text(NDArray array) {
        return switch (array.getDataType()) {
            case BOOLEAN -> String.valueOf(array.getBoolean());
            case FLOAT32, FLOAT64 ->
                String.valueOf(array.toType(DataType.FLOAT64, true).getDouble());
            default -> String.valueOf(array.toType(DataType.INT64, true).getLong());
        };
    }

    private interface Load {
        NDArray load(Checkpoint checkpoint, NDManager manager, String name);
    }

    private void withTensor(Load how, Consumer<NDArray> check) {
        try (NDManager manager = Engines.newManager();
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            check.accept(how.load(checkpoint, manager, "a"));
        }
    }

    @Test
    void anUnsignedNumberBeyond63BitsIsRefusedAsInteger() {
        writeOne(DType.U64, 8, "8000000000000000");

        try (NDManager manager = Engines.newManager();
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            Expect.refusal(Kind.WRONG_DTYPE, () -> checkpoint.loadRaw(manager, "a"))
                    .hasMessageContaining("9223372036854775808");
        }
    }

    @Test
    void aTensorLargerThanOneMappingKeepsItsOrder() {
        int count = 18 << 20;
        byte[] data = new byte[count * 4];
        ByteBuffer floats = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            floats.putFloat(i % 1_000_003);
        }
        RawFile.write(
                folder,
                RawFile.bytes(
                        "{'a':{'dtype':'F32','shape':[" + count + "],'data_offsets':[0," + data.length + "]}}", data));

        try (NDManager manager = Engines.newManager();
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            float[] loaded = checkpoint.load(manager, "a").toFloatArray();
            for (int i = 0; i < count; i++) {
                if (loaded[i] != i % 1_000_003) {
                    assertThat(loaded[i]).as("element " + i).isEqualTo(i % 1_000_003);
                }
            }
        }
    }

    @Test
    void aTensorWithoutElementsKeepsItsShape() {
        RawFile.write(folder, "{'a':{'dtype':'F32','shape':[0,5],'data_offsets':[0,0]}}", 0);

        try (NDManager manager = Engines.newManager();
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.load(manager, "a").getShape()).isEqualTo(new Shape(0, 5));
        }
    }

    @Test
    void loadingLeavesNothingBehindButTheTensor() {
        writeOne(DType.F32, 4, "3F800000");
        try (NDManager manager = Engines.newManager();
                Checkpoint checkpoint = Checkpoint.open(folder)) {
            checkpoint.load(manager, "a");

            assertThat(manager.getManagedArrays()).hasSize(1);
        }
    }

    @Test
    void aMissingTensorIsNamedTogetherWithSimilarOnes() {
        RawFile.write(folder, "{'transformer.h.0.ln_1.weight':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}}", 1);

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Expect.refusal(Kind.MISSING_TENSOR, () -> checkpoint.info("h.0.ln_1.weight"))
                    .hasMessageContaining("'h.0.ln_1.weight'")
                    .hasMessageContaining("transformer.h.0.ln_1.weight");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7FC00000", "7F800000", "FF800000"})
    void theFirstNonFiniteNumberIsFound(String bits) {
        byte[] data = new byte[4 * 20_000];
        ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putInt(4 * 17_000, Integer.parseUnsignedInt(bits, 16));
        RawFile.write(folder, RawFile.bytes("{'a':{'dtype':'F32','shape':[200,100],'data_offsets':[0,80000]}}", data));

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.firstNonFinite("a")).hasValue(17_000);
        }
    }

    @Test
    void finiteWeightsHaveNoNonFiniteNumber() {
        RawFile.write(folder, "{'a':{'dtype':'F16','shape':[500],'data_offsets':[0,1000]}}", 1000);

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.firstNonFinite("a")).isEmpty();
        }
    }

    @Test
    void aDoubleTooLargeForFloat32CountsAsNonFinite() {
        writeOne(DType.F64, 8, "7FEFFFFFFFFFFFFF");

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            assertThat(checkpoint.firstNonFinite("a")).hasValue(0);
        }
    }

    @Test
    void theHashIgnoresShardingAndMetadata() throws IOException {
        writeShards();
        Files.writeString(folder.resolve("config.json"), "{}");
        Path whole = Files.createDirectory(folder.resolve("whole"));
        RawFile.write(
                whole,
                "{'__metadata__':{'made':'later'},'b':{'dtype':'U8','shape':[2],'data_offsets':[1,3]},"
                        + "'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}}",
                3);
        Files.writeString(whole.resolve("config.json"), "{}");

        try (Checkpoint sharded = Checkpoint.open(folder);
                Checkpoint single = Checkpoint.open(whole)) {
            assertThat(sharded.hash()).isEqualTo(single.hash()).hasSize(64);
        }
    }

    @Test
    void theHashChangesWithOneBitOfOneWeight() throws IOException {
        writeOne(DType.F32, 4, "3F800000");
        String before = hash();
        writeOne(DType.F32, 4, "3F800001");

        assertThat(hash()).isNotEqualTo(before);
    }

    @Test
    void theHashChangesWithTheConfiguration() throws IOException {
        writeOne(DType.F32, 4, "3F800000");
        Files.writeString(folder.resolve("config.json"), "{\"layer_norm_eps\":1e-5}");
        String before = hash();
        Files.writeString(folder.resolve("config.json"), "{\"layer_norm_eps\":1e-6}");

        assertThat(hash()).isNotEqualTo(before);
    }

    @Test
    void aMissingShardIsNamed() throws IOException {
        writeShards();
        Files.delete(folder.resolve("two.safetensors"));

        Expect.refusal(Kind.MISSING_FILE, () -> Checkpoint.open(folder)).hasMessageContaining("two.safetensors");
    }

    @Test
    void aTensorThatItsShardLacksIsNamed() throws IOException {
        writeShards();
        writeIndex("{'weight_map':{'a':'two.safetensors'}}");

        Expect.refusal(Kind.MISSING_TENSOR, () -> Checkpoint.open(folder))
                .hasMessageContaining("'a'")
                .hasMessageContaining("two.safetensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'weight_map':{'a':'../secret.safetensors'}}",
                "{'weight_map':{'a':'/etc/passwd'}}",
                "{'weight_map':{'a':'x/../../y.safetensors'}}",
                "{'weight_map':{'a':'..\\\\y.safetensors'}}",
                "{'weight_map':{'a':''}}",
                "{'weight_map':{'a':'\\u0000'}}",
                "{'weight_map':{'a':3}}",
                "{'weight_map':[]}",
                "{'weight_map':{}}",
                "{'weight_map':{'a':'x','a':'y'}}",
                "{}",
                "[]",
                "{",
                ""
            })
    void anIndexThatIsMalformedOrLeavesTheFolderIsRefused(String index) throws IOException {
        writeIndex(index);

        Expect.refusal(Kind.BAD_INDEX, () -> Checkpoint.open(folder)).hasMessageContaining("index.json");
    }

    @Test
    void aFolderWithoutWeightsIsRefused() {
        Expect.refusal(Kind.MISSING_FILE, () -> Checkpoint.open(folder)).hasMessageContaining("holds no weights");
    }

    @Test
    void aPathThatDoesNotExistIsRefused() {
        Expect.refusal(Kind.MISSING_FILE, () -> Checkpoint.open(folder.resolve("nowhere")))
                .hasMessageContaining("nowhere");
    }

    @Test
    void missingConfigurationIsRefusedWhenAskedFor() {
        writeOne(DType.F32, 4, "3F800000");

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Expect.refusal(Kind.MISSING_FILE, checkpoint::config).hasMessageContaining("config.json");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "7", "{} x", "{\"a\":1,\"a\":2}", "\u0000"})
    void malformedConfigurationIsRefused(String config) throws IOException {
        writeOne(DType.F32, 4, "3F800000");
        Files.writeString(folder.resolve("config.json"), config);

        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            Expect.refusal(Kind.BAD_CONFIG, checkpoint::config).hasMessageContaining("config.json");
        }
    }

    private String hash() {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return checkpoint.hash();
        }
    }

    private void writeShards() throws IOException {
        Files.write(
                folder.resolve("one.safetensors"),
                RawFile.bytes("{'a':{'dtype':'U8','shape':[1],'data_offsets':[0,1]}}", 1));
        Files.write(
                folder.resolve("two.safetensors"),
                RawFile.bytes("{'b':{'dtype':'U8','shape':[2],'data_offsets':[0,2]}}", 2));
        writeIndex("{'weight_map':{'a':'one.safetensors','b':'two.safetensors'}}");
    }

    private void writeIndex(String json) throws IOException {
        Files.writeString(folder.resolve("model.safetensors.index.json"), json.replace('\'', '"'));
    }

    /** One element, given by its bits in hexadecimal. */
    private void writeOne(DType dtype, int bytes, String bits) {
        byte[] eight = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(Long.parseUnsignedLong(bits, 16))
                .array();
        RawFile.write(
                folder,
                RawFile.bytes(
                        "{'a':{'dtype':'" + dtype + "','shape':[1],'data_offsets':[0," + bytes + "]}}",
                        Arrays.copyOf(eight, bytes)));
    }
}
