package org.headscope.hooks.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Which files make up a checkpoint.
 *
 * @param single the one weights file, or null when there are shards
 * @param shards the file of every tensor, empty when there is one file
 * @param config {@code config.json}, whether it exists or not
 */
record CheckpointLayout(@Nullable Path single, Map<String, Path> shards, Path config) {
    private static final String WEIGHTS = "model.safetensors";
    private static final String INDEX = WEIGHTS + ".index.json";

    static CheckpointLayout find(Path path) {
        if (Files.isDirectory(path)) {
            return ofFolder(path);
        }
        if (!Files.exists(path)) {
            throw new CheckpointException(
                    Kind.MISSING_FILE, "There is no file or folder " + path + ". Check the path.");
        }
        return ofFile(path);
    }

    private static CheckpointLayout ofFile(Path file) {
        String name = String.valueOf(file.getFileName());
        if (name.endsWith(".bin") || name.endsWith(".pt") || name.endsWith(".pth") || name.endsWith(".ckpt")) {
            throw pickled(file);
        }
        if (name.endsWith(".index.json")) {
            Path folder = file.toAbsolutePath().getParent();
            return new CheckpointLayout(
                    null, ShardIndex.read(folder == null ? file : folder, name), file.resolveSibling("config.json"));
        }
        return new CheckpointLayout(file, Map.of(), file.resolveSibling("config.json"));
    }

    private static CheckpointLayout ofFolder(Path folder) {
        Path config = folder.resolve("config.json");
        Path weights = folder.resolve(WEIGHTS);
        if (Files.exists(weights)) {
            return new CheckpointLayout(weights, Map.of(), config);
        }
        if (Files.exists(folder.resolve(INDEX))) {
            return new CheckpointLayout(null, ShardIndex.read(folder, INDEX), config);
        }
        for (String old : new String[] {"pytorch_model.bin", "pytorch_model.bin.index.json"}) {
            if (Files.exists(folder.resolve(old))) {
                throw pickled(folder.resolve(old));
            }
        }
        throw new CheckpointException(
                Kind.MISSING_FILE,
                "The folder " + folder + " holds no weights: neither " + WEIGHTS + " nor " + INDEX
                        + " is there. Choose the folder that holds config.json and the weights.");
    }

    private static CheckpointException pickled(Path file) {
        return new CheckpointException(
                Kind.UNSUPPORTED_FORMAT,
                file + " is a pickled PyTorch file, which could run code when read and is therefore not read."
                        + " Convert it once, in Python: AutoModelForCausalLM.from_pretrained(FOLDER)"
                        + ".save_pretrained(NEW_FOLDER, safe_serialization=True), and open the new folder.");
    }
}
