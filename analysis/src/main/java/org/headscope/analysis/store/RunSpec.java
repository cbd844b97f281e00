package org.headscope.analysis.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What is needed to run something again.
 *
 * @param analysis id of the analysis
 * @param title what to call it in a list
 * @param parameters its parameters as JSON
 * @param mask the mask that held throughout, as JSON; an empty object without one
 * @param model the model
 * @param codeVersion version of Headscope
 * @param seed the seed of every random choice
 */
public record RunSpec(
        String analysis,
        String title,
        ObjectNode parameters,
        ObjectNode mask,
        ModelKey model,
        String codeVersion,
        long seed) {
    /**
     * A model as runs refer to it.
     *
     * @param path where it was opened
     * @param hash fingerprint of its weights
     */
    public record ModelKey(String path, String hash) {}

    /** Copies what is mutable. */
    public RunSpec {
        parameters = parameters.deepCopy();
        mask = mask.deepCopy();
    }

    /** {@return a copy of the parameters} */
    @Override
    public ObjectNode parameters() {
        return parameters.deepCopy();
    }

    /** {@return a copy of the mask} */
    @Override
    public ObjectNode mask() {
        return mask.deepCopy();
    }
}
