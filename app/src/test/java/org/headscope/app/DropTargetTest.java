package org.headscope.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropTargetTest {
    @TempDir
    private Path folder;

    private final List<Path> models = new ArrayList<>();
    private final List<Path> masks = new ArrayList<>();
    private final DropTarget target = new DropTarget(models::add, masks::add);

    @Test
    void folderWithAConfigurationIsAModel() throws IOException {
        assertThat(target.taker(folder)).isEmpty();
        Files.writeString(folder.resolve("config.json"), "{}");

        target.taker(folder).orElseThrow().run();
        assertThat(models).containsExactly(folder);
    }

    @Test
    void weightsStandForTheirFolder() {
        target.taker(folder.resolve("model.safetensors")).orElseThrow().run();
        target.taker(folder.resolve("model.safetensors.index.json"))
                .orElseThrow()
                .run();

        assertThat(models).containsExactly(folder, folder);
        assertThat(masks).isEmpty();
    }

    @Test
    void jsonAndNumpyAreMasksAndOtherFilesAreRefused() {
        target.taker(folder.resolve("mask.JSON")).orElseThrow().run();
        target.taker(folder.resolve("mask.npy")).orElseThrow().run();

        assertThat(masks).hasSize(2);
        assertThat(target.taker(folder.resolve("notes.txt"))).isEmpty();
    }
}
