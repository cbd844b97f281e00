package org.headscope.hooks.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.Reference;
import org.headscope.hooks.runtime.Engines;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("engine")
class SafetensorsWriterTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT64", "FLOAT32", "INT64", "INT32", "INT8", "UINT8", "BOOLEAN"})
    void arraysComeBackInTheirOwnType(DataType type) {
        try (NDManager manager = Engines.newManager()) {
            NDArray array = manager.create(new float[] {0, 1, 3, 0, 5, 6}, new Shape(2, 3))
                    .toType(type, true);

            NDArray back = writtenAndRead(new SafetensorsWriter().add("x", array), manager);

            assertThat(back).isEqualTo(array);
            assertThat(back.getDataType()).isEqualTo(type);
        }
    }

    @Test
    void javaFloatsComeBack() {
        try (NDManager manager = Engines.newManager()) {
            float[] values = {1, Float.MIN_VALUE, -0f, Float.NaN};

            NDArray back = writtenAndRead(new SafetensorsWriter().add("x", new Shape(2, 2), values), manager);

            assertThat(back.toFloatArray()).isEqualTo(values);
            assertThat(back.getShape()).isEqualTo(new Shape(2, 2));
        }
    }

    @Test
    void javaLongsComeBack() {
        try (NDManager manager = Engines.newManager()) {
            long[] values = {50_256, Long.MIN_VALUE};

            NDArray back = writtenAndRead(new SafetensorsWriter().add("x", new Shape(2), values), manager);

            assertThat(back.toLongArray()).isEqualTo(values);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"F16", "BF16"})
    void floatsAreRoundedOnRequest(DType dtype) {
        try (NDManager manager = Engines.newManager()) {
            NDArray array = manager.create(new float[] {1, 1.0001f, -3.25f});

            NDArray back = writtenAndRead(new SafetensorsWriter().add("x", array, dtype), manager);

            assertThat(back.toFloatArray()).containsExactly(1, 1, -3.25f);
        }
    }

    @Test
    void anArrayThatIsATransposedViewIsWrittenInItsOwnOrder() {
        try (NDManager manager = Engines.newManager()) {
            NDArray view = manager.arange(6f).reshape(2, 3).transpose();

            NDArray back = writtenAndRead(new SafetensorsWriter().add("x", view), manager);

            assertThat(back.toFloatArray()).containsExactly(0, 3, 1, 4, 2, 5);
        }
    }

    @Test
    void anArrayLargerThanOneBlockComesBack() {
        try (NDManager manager = Engines.newManager()) {
            NDArray array = manager.arange(3_000_000f);

            assertThat(writtenAndRead(new SafetensorsWriter().add("x", array), manager))
                    .isEqualTo(array);
        }
    }

    @Test
    void singleNumbersAndEmptyArraysComeBack() {
        try (NDManager manager = Engines.newManager()) {
            write(new SafetensorsWriter().add("x", manager.create(7f)).add("none", new Shape(0, 3), new float[0]));

            try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                assertThat(checkpoint.load(manager, "x").getFloat()).isEqualTo(7);
                assertThat(checkpoint.info("none").shape()).isEqualTo(new Shape(0, 3));
            }
        }
    }

    @Test
    void metadataAndUnusualNamesComeBack() {
        write(new SafetensorsWriter()
                .metadata("prompt", "line\n\"quoted\" é 漢 \uD83D\uDE00")
                .add("blocks.0/\"é\"", new Shape(1), new float[1]));

        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            assertThat(file.metadata()).isEqualTo(Map.of("prompt", "line\n\"quoted\" é 漢 \uD83D\uDE00"));
            assertThat(file.names()).containsExactly("blocks.0/\"é\"");
        }
    }

    @Test
    void everyTensorStartsAtAMultipleOfItsElement() {
        write(new SafetensorsWriter()
                .add("a", new Shape(3), new float[3])
                .add("b", new Shape(1), new long[1])
                .metadata("k", "v"));

        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            assertThat(file.names()).allSatisfy(name -> {
                TensorInfo info = Objects.requireNonNull(file.find(name));
                assertThat(info.offset() % info.dtype().bytes()).isZero();
            });
        }
    }

    @Test
    void aFileOfTheReferenceLibraryIsUnderstoodTheSameAfterRewriting() throws IOException {
        Path golden = Reference.require("tiny/gpt2/golden.safetensors");
        try (NDManager manager = Engines.newManager();
                Checkpoint original = Checkpoint.open(golden)) {
            SafetensorsWriter writer = new SafetensorsWriter();
            original.names().forEach(name -> writer.add(name, original.loadRaw(manager, name)));
            write(writer);
            Files.copy(golden.resolveSibling("config.json"), folder.resolve("config.json"));

            try (Checkpoint copy = Checkpoint.open(folder)) {
                assertThat(copy.hash()).isEqualTo(original.hash());
            }
        }
    }

    @Test
    void aNameCanBeUsedOnce() {
        SafetensorsWriter writer = new SafetensorsWriter().add("a", new Shape(1), new float[1]);

        assertThatThrownBy(() -> writer.add("a", new Shape(1), new float[1]))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("'a'");
    }

    @Test
    void aShapeMustFitItsValues() {
        assertThatThrownBy(() -> new SafetensorsWriter().add("a", new Shape(2, 2), new float[3]))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("[2, 2]");
    }

    @Test
    void whatWasThereStaysWhenWritingFails() throws IOException {
        Path target = folder.resolve("model.safetensors");
        Files.writeString(target, "precious");
        try (NDManager manager = Engines.newManager()) {
            NDArray array = manager.ones(new Shape(1));
            SafetensorsWriter writer = new SafetensorsWriter().add("a", array);
            array.close();

            assertThatThrownBy(() -> writer.write(target)).isInstanceOf(RuntimeException.class);
            assertThat(Files.readString(target)).isEqualTo("precious");
        }
    }

    private void write(SafetensorsWriter writer) {
        writer.write(folder.resolve("model.safetensors"));
    }

    private NDArray writtenAndRead(SafetensorsWriter writer, NDManager manager) {
        write(writer);
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return checkpoint.loadRaw(manager, "x");
        }
    }
}
