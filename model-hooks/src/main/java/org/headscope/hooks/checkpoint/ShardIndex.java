package org.headscope.hooks.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.headscope.hooks.io.JsonFile;

/** {@code model.safetensors.index.json}: which file of a sharded checkpoint holds which tensor. */
final class ShardIndex {
    private final Path file;
    private final Path folder;

    private ShardIndex(Path file, Path folder) {
        this.file = file;
        this.folder = folder;
    }

    /** Reads an index that lies in {@code folder}; returns the shard of every tensor. */
    static Map<String, Path> read(Path folder, String name) {
        Path file = folder.resolve(name);
        return new ShardIndex(file, folder.toAbsolutePath().normalize()).weightMap();
    }

    private Map<String, Path> weightMap() {
        JsonNode map = parse().path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw bad("it has no weight_map with tensors");
        }
        Map<String, Path> shards = new LinkedHashMap<>();
        map.properties().forEach(entry -> shards.put(entry.getKey(), shard(entry.getKey(), entry.getValue())));
        return shards;
    }

    private JsonNode parse() {
        try {
            return JsonFile.readObject(file);
        } catch (IOException e) {
            throw new CheckpointException(Kind.BAD_INDEX, file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private Path shard(String tensor, JsonNode value) {
        if (!value.isTextual()) {
            throw bad("tensor '" + Text.shorten(tensor) + "' is mapped to something else than a file name");
        }
        String name = value.asText();
        try {
            // Backslashes separate folders on some systems only; no published index uses them.
            Path shard = folder.resolve(name).normalize();
            if (name.contains("\\") || !shard.startsWith(folder) || shard.equals(folder)) {
                throw bad("tensor '" + Text.shorten(tensor) + "' points outside the folder, to '" + Text.shorten(name)
                        + "'");
            }
            return shard;
        } catch (InvalidPathException e) {
            throw bad("'" + Text.shorten(name) + "' is not a file name");
        }
    }

    private CheckpointException bad(String what) {
        return new CheckpointException(
                Kind.BAD_INDEX, file + " cannot be used: " + what + ". Fetch the checkpoint again.");
    }
}
