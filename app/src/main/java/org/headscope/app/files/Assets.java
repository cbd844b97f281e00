package org.headscope.app.files;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import org.headscope.hooks.HeadscopeException;

/**
 * The files shipped beside the program: style sheets, the bundled model, task data.
 *
 * @param root the existing assets folder
 */
public record Assets(Path root) {
    /** System property that names the folder; set by the build for tests and by the start script. */
    public static final String PROPERTY = "headscope.assets";

    /**
     * Finds the folder: the one the property names, else {@code assets} beside the folder that holds the program's jar.
     *
     * @throws HeadscopeException when neither exists
     */
    public static Assets locate() {
        String named = System.getProperty(PROPERTY, "");
        return at(named.isBlank() ? besideTheProgram() : Path.of(named));
    }

    /**
     * Takes a known folder.
     *
     * @param folder the assets folder
     * @throws HeadscopeException when it is no folder
     */
    public static Assets at(Path folder) {
        Path root = folder.toAbsolutePath().normalize();
        if (!Files.isDirectory(root)) {
            throw new HeadscopeException("Headscope's own files are missing: no folder " + root
                    + ". Unpack the distribution again, or start with -D" + PROPERTY + "=<folder>.");
        }
        return new Assets(root);
    }

    /**
     * Finds one shipped file.
     *
     * @param relative path below the assets folder, with forward slashes
     * @throws HeadscopeException when it is not there
     */
    public Path file(String relative) {
        Path file = root.resolve(relative);
        if (!Files.exists(file)) {
            throw new HeadscopeException(
                    "Headscope's own file " + relative + " is missing in " + root + ". Unpack the distribution again.");
        }
        return file;
    }

    /**
     * Finds a style sheet.
     *
     * @param name file name below {@code styles}
     * @return its address as JavaFX wants it
     */
    public String styleSheet(String name) {
        return file("styles/" + name).toUri().toString();
    }

    private static Path besideTheProgram() {
        CodeSource source = Assets.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Path.of("assets");
        }
        try {
            return distributionOf(Path.of(source.getLocation().toURI())).resolve("assets");
        } catch (URISyntaxException e) {
            throw new HeadscopeException(
                    "The program's own place cannot be read: " + source.getLocation() + ". Start with -D" + PROPERTY
                            + "=<folder>.",
                    e);
        }
    }

    /** The layout is {@code headscope/lib/app.jar} beside {@code headscope/assets}. */
    static Path distributionOf(Path jar) {
        Path lib = jar.toAbsolutePath().getParent();
        Path distribution = lib == null ? null : lib.getParent();
        return distribution == null ? Path.of("").toAbsolutePath() : distribution;
    }
}
