package org.headscope.hooks.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.headscope.hooks.Reference;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.headscope.hooks.runtime.Engines;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@Tag("engine")
class ReferenceCheckpointsTest {
    @TestFactory
    Stream<DynamicTest> everyGoldenAndCheckpointReadsToTheLastBit() throws IOException {
        Path tiny = Reference.require("tiny");
        List<Path> files;
        try (Stream<Path> walk = Files.walk(tiny)) {
            files = walk.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(60);
        return files.stream()
                .filter(file -> !isHalf(file))
                .map(file -> DynamicTest.dynamicTest(tiny.relativize(file).toString(), () -> sameAsPlainReader(file)));
    }

    private static boolean isHalf(Path file) {
        return file.endsWith("fp16/model.safetensors") || file.toString().contains("-of-");
    }

    private static void sameAsPlainReader(Path file) throws IOException {
        PlainReader plain = new PlainReader(file);
        try (NDManager manager = Engines.newManager();
                Checkpoint checkpoint = Checkpoint.open(file)) {
            assertThat(checkpoint.names()).hasSize(plain.header.size() - (plain.header.has("__metadata__") ? 1 : 0));
            for (String name : checkpoint.names()) {
                assertThat(checkpoint.info(name).shape().getShape()).isEqualTo(shape(plain.header.get(name)));
                sameTensor(name, checkpoint.loadRaw(manager, name), plain);
            }
        }
    }

    private static void sameTensor(String name, NDArray loaded, PlainReader plain) {
        if (loaded.getDataType() == DataType.INT64) {
            assertThat(loaded.toLongArray()).as(name).isEqualTo(plain.longs(name));
        } else {
            assertThat(loaded.toFloatArray()).as(name).isEqualTo(plain.floats(name));
        }
    }

    private static long[] shape(JsonNode tensor) {
        JsonNode axes = tensor.get("shape");
        long[] shape = new long[axes.size()];
        for (int axis = 0; axis < shape.length; axis++) {
            shape[axis] = axes.get(axis).asLong();
        }
        return shape;
    }

    @Test
    void halfPrecisionWeightsAreTheFullOnesRounded() throws IOException {
        Path full = Reference.require("tiny/gpt2/model.safetensors");

        compareRounded(Reference.require("tiny/gpt2/fp16"), full, 0x1p-11, 0x1p-24);
    }

    @Test
    void shardedBfloat16WeightsAreTheFullOnesRounded() throws IOException {
        Path full = Reference.require("tiny/llama/model.safetensors");

        compareRounded(Reference.require("tiny/llama/sharded_bf16"), full, 0x1p-8, 0);
    }

    private static void compareRounded(Path rounded, Path full, double relative, double absolute) throws IOException {
        PlainReader plain = new PlainReader(full);
        try (NDManager manager = Engines.newManager();
                Checkpoint checkpoint = Checkpoint.open(rounded)) {
            assertThat(checkpoint.names()).isNotEmpty();
            for (String name : checkpoint.names()) {
                float[] expected = plain.floats(name);
                float[] actual = checkpoint.load(manager, name).toFloatArray();
                assertThat(actual).hasSameSizeAs(expected);
                for (int i = 0; i < actual.length; i++) {
                    double bound = Math.max(Math.abs(expected[i]) * relative, absolute);
                    assertThat(Math.abs(actual[i] - expected[i])).as(name).isLessThanOrEqualTo((float) bound);
                }
            }
        }
    }

    @Test
    void configurationComesFromBesideTheWeights() {
        try (Checkpoint checkpoint = Checkpoint.open(Reference.require("tiny/gpt2"))) {
            assertThat(checkpoint.config().path("model_type").asText()).isEqualTo("gpt2");
        }
    }

    @Test
    void pickledWeightsAreRefusedWithTheWayToConvertThem() {
        Path folder = Reference.require("tiny/gpt2/bin");

        assertThatThrownBy(() -> Checkpoint.open(folder))
                .isInstanceOfSatisfying(
                        CheckpointException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNSUPPORTED_FORMAT))
                .hasMessageContaining("pytorch_model.bin")
                .hasMessageContaining("save_pretrained");
    }
}
