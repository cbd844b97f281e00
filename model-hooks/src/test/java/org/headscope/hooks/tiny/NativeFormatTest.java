package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.checkpoint.CheckpointException;
import org.headscope.hooks.checkpoint.SafetensorsWriter;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.family.own.NativeModelWriter;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class NativeFormatTest {
    private static final Dims SMALL = new Dims(2, 2, 2, 8, 4, 16, 12, 11);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("org.headscope.hooks.tiny.TinyModel#families")
    void savedModelOfAnyFamilyOpensWithTheSameConfigurationAndLogits(String family) {
        try (TinyModel tiny = TinyModel.open(family)) {
            NativeModelWriter.write(folder, tiny.model().config(), tiny.model().weights());

            try (HookedTransformer copy = reopen()) {
                assertThat(copy.config()).isEqualTo(tiny.model().config());
                assertThat(TinyModel.distance(tiny.logits(copy, List.of()), tiny.logits()))
                        .isLessThanOrEqualTo(1e-6);
            }
        }
    }

    @Test
    void lostTensorIsNamedEvenIfModelsMayLackIt() {
        saveSmall();
        var tensors = PlainSafetensors.read(folder.resolve("model.safetensors"));
        tensors.remove("blocks.1.ln2.b");
        SafetensorsWriter rest = new SafetensorsWriter();
        tensors.forEach((name, tensor) -> rest.add(name, new Shape(tensor.shape()), tensor.values()));
        rest.write(folder.resolve("model.safetensors"));

        assertThatThrownBy(this::reopen)
                .isInstanceOfSatisfying(CheckpointException.class, e -> assertThat(e.kind())
                        .isEqualTo(CheckpointException.Kind.MISSING_TENSOR))
                .hasMessageContaining("blocks.1.ln2.b");
    }

    @Test
    void fieldThatIsLeftOutIsNamed() throws IOException {
        saveSmall();
        editConfig(root -> ((ObjectNode) root.get("block")).remove("arrangement"));

        assertThatThrownBy(this::reopen)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining("arrangement");
    }

    @Test
    void misspelledFieldIsNamed() throws IOException {
        saveSmall();
        editConfig(root -> ((ObjectNode) root.get("mlp")).put("gatted", true));

        assertThatThrownBy(this::reopen).isInstanceOf(ConfigException.class).hasMessageContaining("gatted");
    }

    @Test
    void impossibleSizesKeepTheirOwnMessage() throws IOException {
        saveSmall();
        editConfig(root -> ((ObjectNode) root.get("dims")).put("heads", 3));

        assertThatThrownBy(this::reopen)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("3 heads cannot share 2 key-value heads");
    }

    @Test
    void laterFormatIsRefused() throws IOException {
        saveSmall();
        editConfig(root -> root.put("format", 2));

        assertThatThrownBy(this::reopen).isInstanceOf(ConfigException.class).hasMessageContaining("format 2");
    }

    private void saveSmall() {
        try (HookedTransformer model = RandomModel.of(RandomModel.gpt2(SMALL), 1)) {
            NativeModelWriter.write(folder, model.config(), model.weights());
        }
    }

    private void editConfig(java.util.function.Consumer<ObjectNode> edit) throws IOException {
        Path file = folder.resolve("config.json");
        ObjectNode root = (ObjectNode) Golden.json(file);
        edit.accept(root);
        Files.writeString(file, new ObjectMapper().writeValueAsString(root));
    }

    private HookedTransformer reopen() {
        return ModelLoader.load(folder);
    }
}
