package org.headscope.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/**
 * What this build is made of, for {@code --version}, the About box and the rows of the history.
 *
 * @param version the version of Headscope
 * @param djl the version of the Deep Java Library
 * @param pytorch the version of the native PyTorch library
 * @param javafx the version of JavaFX
 */
public record BuildInfo(String version, String djl, String pytorch, String javafx) {
    private static final String RESOURCE = "build.properties";

    /** Reads the values that the build wrote into the jar. */
    public static BuildInfo load() {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(BuildInfo.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + RESOURCE, e);
        }
        return new BuildInfo(
                properties.getProperty("version"),
                properties.getProperty("djl"),
                properties.getProperty("pytorch"),
                properties.getProperty("javafx"));
    }
}
