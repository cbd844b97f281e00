package org.headscope.hooks.bake;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.checkpoint.Checkpoint;
import org.headscope.hooks.checkpoint.TensorInfo;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.CheckpointTensorSource;
import org.headscope.hooks.family.FamilyAdapter;
import org.headscope.hooks.family.FamilyRegistry;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.MlpWeights;
import org.headscope.hooks.weights.ModelWeights;
import org.jspecify.annotations.Nullable;

/** Where a checkpoint stores the projections that write to the residual stream. */
final class StoredOutputs implements AutoCloseable {
    private final Checkpoint checkpoint;
    private final NDManager manager;
    private final ModelConfig config;
    private final ModelWeights weights;
    private final OutputMatrices matrices;

    /** An output projection: its matrix and the bias beside it. */
    record Output(StoredMatrix matrix, @Nullable TensorInfo bias) {}

    private StoredOutputs(Checkpoint checkpoint, NDManager manager) {
        this.checkpoint = checkpoint;
        this.manager = manager;
        JsonNode json = checkpoint.config();
        FamilyAdapter family = FamilyRegistry.standard().require(json);
        this.config = family.config(json);
        this.weights = family.weights(json, config, new CheckpointTensorSource(checkpoint, manager));
        this.matrices = new OutputMatrices(checkpoint, manager);
    }

    /** Opens the checkpoint that a model was loaded from; its weights are read anew, as they are on disk. */
    static StoredOutputs of(HookedTransformer model) {
        Path source = model.identity().path();
        if (source == null) {
            throw new HeadscopeException(
                    "This model was built, not loaded from a checkpoint, so there is none to write the mask into.");
        }
        Checkpoint checkpoint = Checkpoint.open(source);
        NDManager manager = Engines.newManager();
        try {
            return new StoredOutputs(checkpoint, manager);
        } catch (Throwable e) {
            manager.close();
            checkpoint.close();
            throw e;
        }
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    Dims dims() {
        return config.dims();
    }

    /** W_O and b_O of a layer. */
    Output attention(int layer) {
        return output("W_O", layer, block(layer).attention().o());
    }

    /** W_out and b_out of a layer. */
    Output mlp(int layer) {
        MlpWeights mlp = block(layer).mlp();
        if (mlp == null) {
            throw new HeadscopeException("Layer " + layer + " has no MLP that could be silenced.");
        }
        return output("W_out", layer, mlp.out());
    }

    private Output output(String what, int layer, Linear linear) {
        StoredMatrix matrix = matrices.find(what, layer, linear.weight());
        return new Output(matrix, matrices.bias(matrix, linear));
    }

    private BlockWeights block(int layer) {
        if (layer < 0 || layer >= weights.blocks().size()) {
            throw new HeadscopeException("There is no layer " + layer + ": the model has "
                    + weights.blocks().size() + ", counted from 0.");
        }
        return weights.blocks().get(layer);
    }

    @Override
    public void close() {
        manager.close();
        checkpoint.close();
    }
}
