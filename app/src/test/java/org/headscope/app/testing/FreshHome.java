package org.headscope.app.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.headscope.app.files.UserHome;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test starts as on a machine where Headscope never ran, and leaves nothing there. */
public final class FreshHome implements AfterEachCallback {
    private final @Nullable String usual = System.getProperty(UserHome.PROPERTY);
    private final Thread.UncaughtExceptionHandler usualHandler = Thread.getDefaultUncaughtExceptionHandler();
    private final Path folder;

    public FreshHome() {
        try {
            folder = Files.createTempDirectory("headscope-home");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.setProperty(UserHome.PROPERTY, folder.toString());
    }

    /** Where settings, history and own lessons of the test are. */
    public Path folder() {
        return folder;
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (usual == null) {
            System.clearProperty(UserHome.PROPERTY);
        } else {
            System.setProperty(UserHome.PROPERTY, usual);
        }
        Thread.setDefaultUncaughtExceptionHandler(usualHandler);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
