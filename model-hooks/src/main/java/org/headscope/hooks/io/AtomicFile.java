package org.headscope.hooks.io;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Writes a file under a temporary name beside its target and renames it when it is complete, so that a full disk or a
 * killed process never leaves half a file under the real name.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Produces the content of a file. */
    @FunctionalInterface
    public interface Content {
        /**
         * Writes everything.
         *
         * @param out where to write; closed by the caller
         * @throws IOException when writing fails
         */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes {@code target}, replacing what was there only after the new content is safely on disk.
     *
     * @param target the file to create or replace; missing parent folders are made
     * @param content what to write
     * @throws HeadscopeException when the file cannot be written; the old file, if any, is untouched
     */
    public static void write(Path target, Content content) {
        Path absolute = target.toAbsolutePath();
        Path parent = absolute.getParent();
        if (parent == null) {
            throw new HeadscopeException(
                    "Cannot write " + target + ": it names no file. Choose a file inside a folder.");
        }
        Path temporary = null;
        try {
            Files.createDirectories(parent);
            temporary = parent.resolve("." + absolute.getFileName() + "." + UUID.randomUUID() + ".part");
            writeDurably(temporary, content);
            Files.move(temporary, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new HeadscopeException(
                    "Cannot write " + target + ": " + e.getMessage() + ". Check free space and permissions; nothing was"
                            + " changed.",
                    e);
        } finally {
            discard(temporary);
        }
    }

    /**
     * Writes text as UTF-8.
     *
     * @param target the file to create or replace
     * @param text the whole content
     */
    public static void writeText(Path target, String text) {
        write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static void writeDurably(Path temporary, Content content) throws IOException {
        // Not Files.createTempFile: that makes files only their owner may read, and the rename keeps it so.
        try (FileChannel channel =
                        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
            content.writeTo(out);
            out.flush();
            channel.force(true);
        }
    }

    private static void discard(@Nullable Path temporary) {
        if (temporary != null) {
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException e) {
                LoggerFactory.getLogger(AtomicFile.class).warn("Could not remove {}", temporary, e);
            }
        }
    }
}
