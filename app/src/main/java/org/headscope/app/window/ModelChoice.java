package org.headscope.app.window;

import java.nio.file.Path;

/**
 * A model that can be opened.
 *
 * @param kind where it comes from
 * @param folder the checkpoint's folder
 */
public record ModelChoice(Kind kind, Path folder) {
    /** Where a model comes from. */
    public enum Kind {
        /** Shipped with Headscope. */
        BUNDLED,
        /** A folder of the user. */
        FOLDER
    }

    /** @return a short name for people: that of the folder */
    public String label() {
        Path name = folder.toAbsolutePath().normalize().getFileName();
        return name == null ? folder.toString() : name.toString();
    }
}
