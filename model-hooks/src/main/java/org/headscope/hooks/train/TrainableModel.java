package org.headscope.hooks.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.checkpoint.SafetensorsWriter;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.FamilyRegistry;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.weights.ModelWeights;

/**
 * A model whose weights can be learned. It is built by the adapter of its family, from tensors under their names in a
 * checkpoint, so that what is trained here is what any other program loads.
 *
 * <p>Only families whose adapter takes tensors as they are can be trained: a transposed or split tensor is a copy, and the
 * gradient of a copy does not reach the original.
 */
public final class TrainableModel implements AutoCloseable {
    private final HookedTransformer model;
    private final Map<String, NDArray> parameters;

    private TrainableModel(HookedTransformer model, Map<String, NDArray> parameters) {
        this.model = model;
        this.parameters = parameters;
    }

    /**
     * Builds a model for training.
     *
     * @param config the content of {@code config.json}
     * @param start the first value of each tensor
     * @return the model; close it
     * @throws HeadscopeException when the family is unknown, or reshapes tensors on loading
     */
    public static TrainableModel of(JsonNode config, StartValues start) {
        return of(config, start, Engines.newManager());
    }

    /** The same in a scope that the model closes, or this method when it fails. */
    static TrainableModel of(JsonNode config, StartValues start, NDManager manager) {
        try {
            FamilyAdapter family = FamilyRegistry.standard().require(config);
            ModelConfig parsed = family.config(config);
            StartTensors tensors = new StartTensors(start, manager);
            ModelWeights weights = family.weights(config, parsed, tensors);
            requireSame(weights, tensors.made());
            tensors.made().values().forEach(array -> array.setRequiresGradient(true));
            return new TrainableModel(new HookedTransformer(parsed, weights, manager), tensors.made());
        } catch (Throwable e) {
            manager.close();
            throw e;
        }
    }

    private static void requireSame(ModelWeights weights, Map<String, NDArray> made) {
        Set<NDArray> trained = Collections.newSetFromMap(new IdentityHashMap<>());
        trained.addAll(made.values());
        if (!trained.containsAll(weights.arrays())) {
            throw new HeadscopeException(
                    "This family rearranges the tensors of its checkpoints on loading, so it cannot"
                            + " be trained here. Choose one that does not, such as llama or starcoder2.");
        }
    }

    /** {@return the model, to be run and looked into at any time; it sees every change of the weights at once} */
    public HookedTransformer model() {
        return model;
    }

    /** {@return the weights by their names in the checkpoint; float32, each with a gradient after a backward pass} */
    public Map<String, NDArray> parameters() {
        return parameters;
    }

    /** {@return the number of weights} */
    public long size() {
        return parameters.values().stream().mapToLong(NDArray::size).sum();
    }

    /**
     * Goes back to other weights.
     *
     * @param saved weights by their names in the checkpoint, float32; others may be among them
     * @throws HeadscopeException when one is missing or of another shape; nothing has changed then
     */
    public void restore(Map<String, NDArray> saved) {
        Overwrite.all(parameters, saved, "model");
    }

    /**
     * Writes the weights.
     *
     * @param file a safetensors file, replaced as a whole
     */
    public void save(Path file) {
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        parameters.forEach(writer::add);
        writer.write(file);
    }

    @Override
    public void close() {
        model.close();
    }
}
