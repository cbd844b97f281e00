package org.headscope.analysis.edges;

/** At which points the slope of the metric is taken, with which the difference that an edge carries is multiplied. */
public enum EdgeMethod {
    /** At the clean run (Syed et al. 2310.10348). */
    EAP,
    /** At points on the way from the corrupt to the clean embedding, averaged (Hanna et al. 2403.17806). */
    EAP_IG,
    /** At the clean and at the corrupt run, averaged. */
    CLEAN_CORRUPTED,
    /** At points on the way from the corrupt to the clean output of the writer, everything else clean, averaged. */
    EAP_IG_ACTIVATIONS;

    /** How many gradients it takes for a model with so many writers. */
    int gradients(int steps, int writers) {
        return switch (this) {
            case EAP -> 1;
            case EAP_IG -> steps;
            case CLEAN_CORRUPTED -> 2;
            case EAP_IG_ACTIVATIONS -> steps * writers;
        };
    }
}
