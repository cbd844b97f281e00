package org.headscope.hooks.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.headscope.hooks.io.JsonFile;
import org.jspecify.annotations.Nullable;

/**
 * The weights and configuration of a model on disk, in the layout of Hugging Face: a folder with {@code config.json}
 * and {@code model.safetensors}, or with shards and their index; or a single safetensors file.
 *
 * <p>Opening checks every header but reads no weights. Any number of threads may read at a time; close it when the
 * weights are loaded.
 */
public final class Checkpoint implements AutoCloseable {
    private final Path path;
    private final Path configFile;
    private final Map<String, SafetensorsFile> owners;
    private @Nullable String hash;

    private Checkpoint(Path path, Path configFile, Map<String, SafetensorsFile> owners) {
        this.path = path;
        this.configFile = configFile;
        this.owners = Collections.unmodifiableMap(owners);
    }

    /**
     * Opens a checkpoint.
     *
     * @param path a folder, a {@code .safetensors} file, or an index of shards
     * @return the open checkpoint
     * @throws CheckpointException when files are missing, of another format, or not sound
     */
    public static Checkpoint open(Path path) {
        CheckpointLayout layout = CheckpointLayout.find(path);
        Path single = layout.single();
        Map<String, SafetensorsFile> owners = single == null ? openShards(layout.shards()) : openSingle(single);
        return new Checkpoint(path, layout.config(), owners);
    }

    /** {@return the path it was opened from} */
    public Path path() {
        return path;
    }

    /**
     * The model's configuration, read anew at each call.
     *
     * @return the object in {@code config.json}
     * @throws CheckpointException when there is none beside the weights, or it is malformed
     */
    public JsonNode config() {
        if (!Files.isRegularFile(configFile)) {
            throw new CheckpointException(
                    Kind.MISSING_FILE,
                    "There is no " + configFile + ". Weights alone do not say what model they are: put the model's"
                            + " config.json beside them.");
        }
        try {
            return JsonFile.readObject(configFile);
        } catch (IOException e) {
            throw new CheckpointException(
                    Kind.BAD_CONFIG, configFile + " cannot be read: " + e.getMessage() + ". Fetch it again.", e);
        }
    }

    /** {@return the files it is made of, in a fixed order; {@code config.json} only where there is one} */
    public List<Path> files() {
        Stream<Path> weights =
                owners.values().stream().map(SafetensorsFile::path).distinct().sorted();
        return Stream.concat(weights, Stream.of(configFile).filter(Files::isRegularFile))
                .toList();
    }

    /** {@return the names of all tensors} */
    public Set<String> names() {
        return owners.keySet();
    }

    /**
     * Tells whether a tensor exists.
     *
     * @param name its name
     * @return whether it does
     */
    public boolean has(String name) {
        return owners.containsKey(name);
    }

    /**
     * Looks a tensor up without reading it.
     *
     * @param name its name
     * @return its number type, shape and place
     * @throws CheckpointException of kind {@code MISSING_TENSOR} when it does not exist
     */
    public TensorInfo info(String name) {
        return with(name, (file, info) -> info);
    }

    /**
     * Tells in which file a tensor lies.
     *
     * @param name its name
     * @return the file
     * @throws CheckpointException of kind {@code MISSING_TENSOR} when it does not exist
     */
    public Path file(String name) {
        return with(name, (file, info) -> file.path());
    }

    /**
     * Reads a tensor as 32-bit floats, whatever it is stored as.
     *
     * @param manager who owns the result
     * @param name its name
     * @return the tensor, float32, in the shape it has on disk
     * @throws CheckpointException when it does not exist or its file has been damaged since it was opened
     */
    public NDArray load(NDManager manager, String name) {
        return with(name, (file, info) -> TensorLoader.load(manager, file, info));
    }

    /**
     * Reads a tensor keeping its kind of number: 64-bit floats, integers and truth values stay what they are (16-bit
     * integers become int32, unsigned 32- and 64-bit ones int64); other floats become float32.
     *
     * @param manager who owns the result
     * @param name its name
     * @return the tensor, in the shape it has on disk
     * @throws CheckpointException when it does not exist or does not fit those types
     */
    public NDArray loadRaw(NDManager manager, String name) {
        return with(name, (file, info) -> TensorLoader.loadRaw(manager, file, info));
    }

    /**
     * Looks for NaN and infinities, as {@link #load} would deliver them.
     *
     * @param name a tensor's name
     * @return the place of the first one, counting elements in row-major order; empty when all are finite
     * @throws CheckpointException when the tensor does not exist
     */
    public OptionalLong firstNonFinite(String name) {
        return with(name, TensorLoader::firstNonFinite);
    }

    /**
     * A name for exactly these weights and this configuration: SHA-256 over names, number types, shapes and bytes of
     * all tensors and over {@code config.json}. Reads everything on the first call.
     *
     * @return 64 hexadecimal digits
     * @throws CheckpointException when a file has been damaged since it was opened
     */
    public synchronized String hash() {
        String known = hash;
        if (known == null) {
            known = computeHash();
            hash = known;
        }
        return known;
    }

    @Override
    public void close() {
        closeAll(owners.values());
    }

    private String computeHash() {
        ContentHash content = new ContentHash();
        for (String name : new TreeSet<>(owners.keySet())) {
            with(name, (file, info) -> {
                content.add(info, file);
                return info;
            });
        }
        try {
            content.add(Files.isRegularFile(configFile) ? Files.readAllBytes(configFile) : new byte[0]);
        } catch (IOException e) {
            throw new CheckpointException(Kind.UNREADABLE, configFile + " cannot be read: " + e.getMessage(), e);
        }
        return content.finish();
    }

    /** Reads something about a tensor from the file that holds it. */
    @FunctionalInterface
    private interface Read<R> {
        R from(SafetensorsFile file, TensorInfo info);
    }

    private <R> R with(String name, Read<R> read) {
        SafetensorsFile file = owners.get(name);
        TensorInfo info = file == null ? null : file.find(name);
        if (file == null || info == null) {
            throw new CheckpointException(Kind.MISSING_TENSOR, missing(name));
        }
        return read.from(file, info);
    }

    private String missing(String name) {
        String tail = name.substring(name.lastIndexOf('.', Math.max(0, name.lastIndexOf('.') - 1)) + 1);
        String similar = owners.keySet().stream()
                .filter(other -> other.endsWith(tail))
                .limit(3)
                .collect(Collectors.joining(", "));
        return "The checkpoint " + path + " has no tensor '" + Text.shorten(name) + "' among its " + owners.size()
                + (similar.isEmpty() ? "." : "; similar are " + similar + ".")
                + " Check that config.json and the weights belong together.";
    }

    private static Map<String, SafetensorsFile> openSingle(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        return file.names().stream()
                .collect(Collectors.toMap(Function.identity(), name -> file, (a, b) -> a, LinkedHashMap::new));
    }

    private static Map<String, SafetensorsFile> openShards(Map<String, Path> shards) {
        Map<Path, SafetensorsFile> open = new LinkedHashMap<>();
        try {
            Map<String, SafetensorsFile> owners = new LinkedHashMap<>();
            shards.forEach((name, shard) -> {
                SafetensorsFile file = open.computeIfAbsent(shard, SafetensorsFile::open);
                requireInShard(name, file);
                owners.put(name, file);
            });
            return owners;
        } catch (RuntimeException e) {
            closeAll(open.values());
            throw e;
        }
    }

    private static void requireInShard(String name, SafetensorsFile file) {
        if (file.find(name) == null) {
            throw new CheckpointException(
                    Kind.MISSING_TENSOR,
                    "The index says that " + file.path() + " holds tensor '" + Text.shorten(name)
                            + "', but it does not. Fetch the checkpoint again.");
        }
    }

    private static void closeAll(Collection<SafetensorsFile> files) {
        files.forEach(SafetensorsFile::close);
    }
}
