package org.headscope.hooks;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.headscope.hooks.checkpoint.CheckpointHash;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.CheckpointTensorSource;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.FamilyRegistry;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.weights.ModelWeights;
import org.headscope.hooks.weights.WeightProcessing;

/** Opens models from disk: the one way in. */
public final class ModelLoader {
    private static final int NAMED = 5;

    private ModelLoader() {}

    /**
     * Loads a model with its weights as they are on disk.
     *
     * @param path a folder in the layout of Hugging Face, or its weights file
     * @return the model; close it
     * @throws HeadscopeException when something is missing, malformed or not supported; the message says what and where
     */
    public static HookedTransformer load(Path path) {
        return load(path, LoadOptions.RAW);
    }

    /**
     * Loads a model. A tokenizer that is missing or cannot be read does not stand in the way: the model then works on
     * token ids, and its identity says why.
     *
     * @param path a folder in the layout of Hugging Face, or its weights file
     * @param options what to do on the way
     * @return the model; close it
     * @throws HeadscopeException when something is missing, malformed or not supported; the message says what and where
     */
    public static HookedTransformer load(Path path, LoadOptions options) {
        return load(path, options, Engines.newManager());
    }

    /** The same with native memory from a given manager, which is closed with the model and when loading fails. */
    static HookedTransformer load(Path path, LoadOptions options, NDManager manager) {
        FolderTokenizer tokenizer = FolderTokenizer.NONE;
        try (Checkpoint checkpoint = Checkpoint.open(path);
                NDManager raw = manager.newSubManager()) {
            JsonNode json = checkpoint.config();
            FamilyAdapter family = FamilyRegistry.standard().require(json);
            ModelConfig config = family.config(json);
            CheckpointTensorSource tensors = new CheckpointTensorSource(checkpoint, raw);
            WeightProcessing.Result result = process(config, family.weights(json, config, tensors), options);
            result.weights().arrays().forEach(array -> array.attach(manager));
            tokenizer = FolderTokenizer.of(checkpoint.path());
            List<String> warnings = warnings(tensors.unread(), result);
            warnings.addAll(tokenizer.warnings(config.dims()));
            ModelIdentity identity = identity(checkpoint, result, warnings).withoutTokenizer(tokenizer.missing());
            return new HookedTransformer(config, result.weights(), identity, tokenizer.tokenizer(), manager);
        } catch (Throwable e) {
            manager.close();
            tokenizer.close();
            throw e;
        }
    }

    private static WeightProcessing.Result process(ModelConfig config, ModelWeights weights, LoadOptions options) {
        return options.strict()
                ? WeightProcessing.applyAll(config, weights, options.steps())
                : WeightProcessing.apply(config, weights, options.steps());
    }

    private static ModelIdentity identity(
            Checkpoint checkpoint, WeightProcessing.Result result, List<String> warnings) {
        Path path = checkpoint.path().toAbsolutePath().normalize();
        Numerics numerics = new Numerics(stored(checkpoint), result.applied());
        return new ModelIdentity(name(path), path, CheckpointHash.of(checkpoint), numerics, null, warnings);
    }

    private static List<String> warnings(List<String> unread, WeightProcessing.Result result) {
        List<String> warnings = new ArrayList<>();
        if (!unread.isEmpty()) {
            warnings.add(unused(unread));
        }
        new TreeMap<>(result.skipped())
                .forEach((step, why) -> warnings.add("Weight processing " + step.label() + " was skipped: " + why));
        return warnings;
    }

    /** A weights file is called by its folder, because all of them have the same name. */
    private static String name(Path path) {
        Path parent = path.getParent();
        boolean usual = String.valueOf(path.getFileName()).startsWith("model.safetensors");
        Path named = usual && parent != null ? parent : path;
        return String.valueOf(named.getFileName());
    }

    private static String stored(Checkpoint checkpoint) {
        return checkpoint.names().stream()
                .map(name -> checkpoint.info(name).dtype())
                .filter(type -> type.isFloating())
                .map(Enum::name)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String unused(List<String> unread) {
        String more = unread.size() > NAMED ? " and " + (unread.size() - NAMED) + " more" : "";
        return unread.size() + " tensors of the checkpoint were not used: "
                + unread.stream().limit(NAMED).collect(Collectors.joining(", ")) + more
                + ". If they are not buffers or another head, the model may differ from what it was trained to be.";
    }
}
