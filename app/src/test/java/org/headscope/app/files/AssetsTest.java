package org.headscope.app.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.hooks.HeadscopeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssetsTest {
    @TempDir
    Path folder;

    @Test
    void styleSheetIsAFileAddress() throws IOException {
        Files.createDirectories(folder.resolve("styles"));
        Files.writeString(folder.resolve("styles/a.css"), "");

        assertThat(Assets.at(folder).styleSheet("a.css")).startsWith("file:/").endsWith("/styles/a.css");
    }

    @Test
    void missingFolderSaysWhereAndWhatToDo() {
        assertThatThrownBy(() -> Assets.at(folder.resolve("nowhere")))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("-Dheadscope.assets");
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> Assets.at(folder).file("models/x.json"))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("models/x.json");
    }

    @Test
    void distributionIsTheParentOfTheLibFolder() {
        assertThat(Assets.distributionOf(folder.resolve("lib/app.jar"))).isEqualTo(folder.toAbsolutePath());
    }

    @Test
    void buildNamesTheAssetsOfTheTree() {
        assertThat(Assets.locate().file("styles/headscope.css")).isRegularFile();
    }
}
