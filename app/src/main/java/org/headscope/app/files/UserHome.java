package org.headscope.app.files;

import java.nio.file.Path;

/**
 * The folder of this user's own things: logs, settings, workspaces.
 *
 * @param root absolute folder; made only when something is written into it
 */
public record UserHome(Path root) {
    /** System property that moves the folder, for tests and for shared machines. */
    public static final String PROPERTY = "headscope.home";

    /** @return the folder named by {@link #PROPERTY}, else {@code .headscope} in the user's home */
    public static UserHome locate() {
        String moved = System.getProperty(PROPERTY, "");
        Path root = moved.isBlank() ? Path.of(System.getProperty("user.home", "."), ".headscope") : Path.of(moved);
        return new UserHome(root.toAbsolutePath().normalize());
    }

    /** @return the log file being written; the same place is named in {@code logback.xml} */
    public Path logFile() {
        return root.resolve("logs").resolve("headscope.log");
    }
}
