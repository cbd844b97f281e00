package org.headscope.hooks.weights;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites weights so that the same function is easier to read, as TransformerLens does: next-token probabilities stay,
 * while raw logits shift by a constant per position and activations differ. Steps are applied once, to weights as they
 * came from the checkpoint; weights that a step has changed are new arrays, so a tied unembedding comes apart.
 */
public final class WeightProcessing {
    private WeightProcessing() {}

    /**
     * What came out.
     *
     * @param weights the new weights; arrays belong to the managers of the old ones, unchanged ones are shared
     * @param applied the steps that were applied, in order
     * @param skipped the steps that were not, each with the reason
     */
    public record Result(ModelWeights weights, List<ProcessingStep> applied, Map<ProcessingStep, String> skipped) {
        /** Copies the collections. */
        public Result {
            applied = List.copyOf(applied);
            skipped = Map.copyOf(skipped);
        }
    }

    /**
     * Applies the steps that fit the model and skips the others.
     *
     * @param config the model
     * @param weights its raw weights
     * @param steps what is wanted, in any order
     * @return the new weights, and what was done
     */
    public static Result apply(ModelConfig config, ModelWeights weights, Collection<ProcessingStep> steps) {
        ModelWeights now = weights;
        List<ProcessingStep> applied = new ArrayList<>();
        Map<ProcessingStep, String> skipped = new EnumMap<>(ProcessingStep.class);
        for (ProcessingStep step : ProcessingStep.values()) {
            if (steps.contains(step)) {
                @Nullable String obstacle = step.rule().obstacle(config, now);
                if (obstacle == null) {
                    now = step.rule().apply(config, now);
                    applied.add(step);
                } else {
                    skipped.put(step, obstacle);
                }
            }
        }
        return new Result(now, applied, skipped);
    }

    /**
     * Applies all steps or none.
     *
     * @param config the model
     * @param weights its raw weights
     * @param steps what is wanted, in any order
     * @return the new weights, and what was done
     * @throws HeadscopeException when a step does not fit the model
     */
    public static Result applyAll(ModelConfig config, ModelWeights weights, Collection<ProcessingStep> steps) {
        Result result = apply(config, weights, steps);
        result.skipped().forEach((step, obstacle) -> {
            throw new HeadscopeException("Weight processing " + step.label() + " does not fit this " + config.family()
                    + " model: " + obstacle + " Leave it out, or ask for the steps that fit.");
        });
        return result;
    }
}
