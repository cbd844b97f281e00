package org.headscope.app.files;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headscope.app.theme.Theme;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.AtomicFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What the window remembers from one start to the next.
 *
 * @param theme the look
 * @param fontScale size of type as a factor
 * @param recentModels folders of models opened before, newest first
 * @param window place and size of the window, null until it was moved
 * @param view the view shown last, empty before the first
 * @param model folder of the model that was open last, empty for the one that is shipped
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Settings(
        Theme theme,
        double fontScale,
        List<String> recentModels,
        @Nullable WindowPlace window,
        String view,
        String model) {
    /** What a first start has. */
    public static final Settings FIRST = new Settings(Theme.LIGHT, 1.0, List.of(), null, "", "");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Files written by hand or by other versions may lack parts. */
    public Settings(
            @Nullable Theme theme,
            double fontScale,
            @Nullable List<String> recentModels,
            @Nullable WindowPlace window,
            @Nullable String view,
            @Nullable String model) {
        this.theme = theme == null ? Theme.LIGHT : theme;
        this.fontScale = fontScale > 0 ? fontScale : 1.0;
        this.recentModels = recentModels == null ? List.of() : List.copyOf(recentModels);
        this.window = window;
        this.view = view == null ? "" : view;
        this.model = model == null ? "" : model;
    }

    /**
     * Place and size of a window.
     *
     * @param x left edge on the screen
     * @param y top edge
     * @param width in screen units
     * @param height in screen units
     * @param maximized whether it filled the screen
     */
    public record WindowPlace(double x, double y, double width, double height, boolean maximized) {}

    /** Reads the settings; a file that cannot be read is worth a line in the log, not a window that does not open. */
    public static Settings load(UserHome home) {
        Path file = file(home);
        if (!Files.exists(file)) {
            return FIRST;
        }
        try {
            return JSON.readValue(Files.readAllBytes(file), Settings.class);
        } catch (IOException e) {
            LoggerFactory.getLogger(Settings.class).warn("Cannot read {}, starting with the usual settings", file, e);
            return FIRST;
        }
    }

    /**
     * Writes the settings.
     *
     * @throws HeadscopeException when the file cannot be written
     */
    public void save(UserHome home) {
        try {
            AtomicFile.writeText(
                    file(home), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new HeadscopeException("Cannot write the settings: " + e.getOriginalMessage(), e);
        }
    }

    private static Path file(UserHome home) {
        return home.root().resolve("settings.json");
    }
}
