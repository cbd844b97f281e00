package org.headscope.hooks.tiny;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/** Finds reference data: all of it beside the project, a small choice of it among the test resources. */
final class Reference {
    private Reference() {}

    /** The folder of a tiny checkpoint; the test is skipped when it is in neither place. */
    static Path tiny(String path) {
        return require("tiny/" + path);
    }

    /** The folder or file of other reference data; the test is skipped when it is not there. */
    static Path require(String path) {
        Optional<Path> found = find(path);
        Assumptions.assumeTrue(found.isPresent(), "reference data '" + path + "' is not on this machine");
        return found.orElseThrow();
    }

    static boolean has(String path) {
        return find(path).isPresent();
    }

    private static Optional<Path> find(String path) {
        String root = System.getProperty("headscope.reference", "");
        Path beside = Path.of(root, path.split("/"));
        if (!root.isEmpty() && Files.exists(beside)) {
            return Optional.of(beside);
        }
        URL resource = Reference.class.getResource("/" + path);
        try {
            return resource == null ? Optional.empty() : Optional.of(Path.of(resource.toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
