package org.headscope.app.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headscope.app.files.Settings.WindowPlace;
import org.headscope.app.theme.Theme;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    Path folder;

    @Test
    void whatIsSavedIsLoaded() {
        Settings settings =
                new Settings(Theme.DARK, 1.3, List.of("a"), new WindowPlace(1, 2, 3, 4, true), "patch", "m");
        settings.save(home());

        assertThat(Settings.load(home())).isEqualTo(settings);
    }

    @Test
    void firstStartHasTheUsualSettings() {
        assertThat(Settings.load(home())).isEqualTo(Settings.FIRST);
    }

    @Test
    void damagedFileGivesTheUsualSettings() throws IOException {
        Files.writeString(folder.resolve("settings.json"), "{\"theme\": ");

        assertThat(Settings.load(home())).isEqualTo(Settings.FIRST);
    }

    @Test
    void fileOfAnotherVersionKeepsWhatIsKnown() throws IOException {
        Files.writeString(folder.resolve("settings.json"), "{\"theme\": \"DARK\", \"colourOfTheSea\": 3}");

        assertThat(Settings.load(home())).isEqualTo(new Settings(Theme.DARK, 1, List.of(), null, "", ""));
    }

    private UserHome home() {
        return new UserHome(folder);
    }
}
