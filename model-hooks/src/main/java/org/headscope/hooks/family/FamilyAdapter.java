package org.headscope.hooks.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.weights.ModelWeights;

/**
 * What one family of checkpoints calls things. An adapter holds no state and no arithmetic of the forward pass: it maps
 * {@code config.json} to a {@link ModelConfig} and tensor names to {@link ModelWeights}.
 */
public interface FamilyAdapter {
    /** {@return the {@code model_type} values of {@code config.json} that this adapter reads} */
    Set<String> modelTypes();

    /**
     * Reads a configuration in any spelling the family is published in.
     *
     * @param config the parsed {@code config.json}
     * @return the canonical configuration
     * @throws org.headscope.hooks.config.ConfigException when something needed is missing or not supported
     */
    ModelConfig config(JsonNode config);

    /**
     * Maps the tensors of a checkpoint to the canonical layout: fused projections split, {@code [in, out]} matrices
     * transposed, {@code 1 + w} norms stored as the sum.
     *
     * @param raw the parsed {@code config.json}
     * @param config what {@link #config} made of it
     * @param tensors the checkpoint
     * @return canonical weights, owned by the manager behind {@code tensors}
     */
    ModelWeights weights(JsonNode raw, ModelConfig config, TensorSource tensors);
}
