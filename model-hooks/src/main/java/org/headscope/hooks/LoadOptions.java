package org.headscope.hooks;

import java.util.EnumSet;
import java.util.Set;
import org.headscope.hooks.weights.ProcessingStep;

/**
 * How to load a model.
 *
 * @param steps weight processing to apply, in its fixed order; empty for weights as they are on disk
 * @param strict whether a step that does not fit the model is an error instead of a warning
 */
public record LoadOptions(Set<ProcessingStep> steps, boolean strict) {
    /** Weights as they are on disk. */
    public static final LoadOptions RAW = new LoadOptions(Set.of(), true);

    /** All weight processing that fits the model, as TransformerLens does unless told otherwise. */
    public static final LoadOptions PROCESSED = new LoadOptions(EnumSet.allOf(ProcessingStep.class), false);

    /** Copies the set. */
    public LoadOptions {
        steps = Set.copyOf(steps);
    }

    /**
     * Exactly these steps of weight processing; loading fails when one of them does not fit the model.
     *
     * @param steps the steps
     * @return the options
     */
    public static LoadOptions exactly(ProcessingStep... steps) {
        return new LoadOptions(Set.of(steps), true);
    }
}
