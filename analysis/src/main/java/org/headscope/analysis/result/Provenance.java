package org.headscope.analysis.result;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * Everything needed to say where a result came from and to run it again.
 *
 * @param analysis id of the analysis
 * @param parameters its parameters as JSON
 * @param model the model
 * @param prompts each prompt as token ids and strings
 * @param numerics BOS policy, mask mode, weights and precision
 * @param seed the seed of every random choice
 * @param appVersion version of Headscope
 * @param timing when and how long
 */
public record Provenance(
        String analysis,
        ObjectNode parameters,
        ModelRef model,
        List<PromptTokens> prompts,
        Numerics numerics,
        long seed,
        String appVersion,
        Timing timing) {
    /** Copies what is mutable. */
    public Provenance {
        parameters = parameters.deepCopy();
        prompts = List.copyOf(prompts);
    }

    /** {@return a copy of the parameters} */
    @Override
    public ObjectNode parameters() {
        return parameters.deepCopy();
    }
}
