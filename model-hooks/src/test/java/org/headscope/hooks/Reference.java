package org.headscope.hooks;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** The reference data beside the project; tests that need it are skipped, saying so, where it is absent. */
public final class Reference {
    private Reference() {}

    /** A file or folder of the reference data, for example {@code tiny/gpt2}. */
    public static Path require(String relative) {
        Path path = Path.of(System.getProperty("headscope.reference", "../../shared/reference"))
                .resolve(relative);
        assumeTrue(Files.exists(path), "reference data is absent: " + relative);
        return path;
    }
}
