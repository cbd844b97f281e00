package org.headscope.hooks.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a checkpoint, computed when it is first asked for. Files that have kept their size and time since are not
 * read again in this process; files that have not are refused, because the hash would be that of other weights than those
 * in memory.
 */
public final class CheckpointHash {
    private static final Map<List<Stamp>, String> KNOWN = new ConcurrentHashMap<>();

    private final Path path;
    private final List<Stamp> stamps;

    private CheckpointHash(Path path, List<Stamp> stamps) {
        this.path = path;
        this.stamps = List.copyOf(stamps);
    }

    /** What tells whether a file is still the same. */
    private record Stamp(Path file, long size, FileTime time) {}

    /**
     * Remembers the files of a checkpoint as they are now.
     *
     * @param checkpoint the open checkpoint
     * @return its hash to be
     * @throws CheckpointException when a file has vanished
     */
    public static CheckpointHash of(Checkpoint checkpoint) {
        return new CheckpointHash(checkpoint.path(), stamps(checkpoint));
    }

    /**
     * The hash.
     *
     * @return 64 hexadecimal digits, see {@link Checkpoint#hash()}
     * @throws CheckpointException when the files are gone or have changed since {@link #of}
     */
    public String value() {
        @Nullable String known = KNOWN.get(stamps);
        if (known != null) {
            return known;
        }
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            requireUnchanged(checkpoint);
            String hash = checkpoint.hash();
            requireUnchanged(checkpoint);
            KNOWN.put(stamps, hash);
            return hash;
        }
    }

    private void requireUnchanged(Checkpoint checkpoint) {
        if (!stamps(checkpoint).equals(stamps)) {
            throw new CheckpointException(
                    Kind.UNREADABLE,
                    "The files of " + path + " have changed since the model was loaded, so its hash cannot be told any"
                            + " more. Load the model again.");
        }
    }

    private static List<Stamp> stamps(Checkpoint checkpoint) {
        List<Stamp> stamps = new ArrayList<>();
        for (Path file : checkpoint.files()) {
            try {
                stamps.add(new Stamp(file.toRealPath(), Files.size(file), Files.getLastModifiedTime(file)));
            } catch (IOException e) {
                throw new CheckpointException(
                        Kind.UNREADABLE,
                        file + " cannot be read any more: " + e.getMessage() + ". Load the model again.",
                        e);
            }
        }
        return stamps;
    }
}
