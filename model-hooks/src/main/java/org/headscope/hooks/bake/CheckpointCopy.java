package org.headscope.hooks.bake;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.slf4j.LoggerFactory;

/** Copies a checkpoint into a new folder, changing its files on the way. */
final class CheckpointCopy {
    private final Checkpoint checkpoint;

    CheckpointCopy(Checkpoint checkpoint) {
        this.checkpoint = checkpoint;
    }

    /** Writes one file of the checkpoint, {@code config.json} included. */
    @FunctionalInterface
    interface Rewrite {
        void write(Path from, Path to);
    }

    static void requireEmpty(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            if (inside.findAny().isPresent()) {
                throw new HeadscopeException(
                        "The folder " + folder + " is not empty, and nothing is replaced. Choose a new one.");
            }
        } catch (IOException e) {
            throw new HeadscopeException("Cannot write to " + folder + ": " + e.getMessage() + ".", e);
        }
    }

    /** Everything is written beside the target and renamed at the end. */
    void write(Path target, Rewrite rewrite) {
        Path folder = target.toAbsolutePath();
        Path part = folder.resolveSibling("." + folder.getFileName() + "." + UUID.randomUUID() + ".part");
        try {
            Files.createDirectories(part);
            for (Path file : besideTheWeights()) {
                Files.copy(file, part.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
            for (Path file : checkpoint.files()) {
                rewrite.write(file, part.resolve(file.getFileName()));
            }
            Files.deleteIfExists(folder);
            Files.move(part, folder);
        } catch (IOException e) {
            throw new HeadscopeException(
                    "Cannot write " + folder + ": " + e.getMessage() + ". Check free space and permissions.", e);
        } finally {
            discard(part);
        }
    }

    /** Tokenizer, settings and index; no other weights, whose heads would be left as they are, and no folders. */
    private List<Path> besideTheWeights() throws IOException {
        List<Path> copied = checkpoint.files();
        Path folder = copied.get(0).toAbsolutePath().getParent();
        try (Stream<Path> all = Files.list(folder == null ? Path.of(".") : folder)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !copied.contains(file))
                    .filter(file -> String.valueOf(file.getFileName()).matches("(?i).*\\.(json|txt|model|jinja|md)"))
                    .sorted()
                    .toList();
        }
    }

    private static void discard(Path part) {
        if (!Files.exists(part)) {
            return;
        }
        try (Stream<Path> inside = Files.list(part)) {
            for (Path file : inside.toList()) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(part);
        } catch (IOException e) {
            LoggerFactory.getLogger(CheckpointCopy.class).warn("Could not remove {}", part, e);
        }
    }
}
