package org.headscope.hooks;

import java.util.List;
import java.util.stream.Collectors;
import org.headscope.hooks.weights.ProcessingStep;

/**
 * How the numbers in a loaded model relate to those on disk. Logits of raw and processed models differ by a constant per
 * position, and activations differ more, so every result says which it was.
 *
 * @param stored the number types on disk, for example {@code BF16}; everything is computed in float32
 * @param steps the weight processing that was really applied, in order; empty for raw weights
 */
public record Numerics(String stored, List<ProcessingStep> steps) {
    /** Copies the list. */
    public Numerics {
        steps = List.copyOf(steps);
    }

    static Numerics built() {
        return new Numerics("F32", List.of());
    }

    /** {@return {@code raw} or {@code processed}} */
    public String label() {
        return steps.isEmpty() ? "raw" : "processed";
    }

    /** {@return the whole story in one line} */
    public String describe() {
        String from = stored.equals("F32") ? "float32" : stored + " read as float32";
        if (steps.isEmpty()) {
            return "raw, " + from;
        }
        String names = steps.stream().map(ProcessingStep::label).collect(Collectors.joining(", "));
        return "processed (" + names + "), " + from;
    }
}
