package org.headscope.analysis.reading;

import org.headscope.analysis.spi.ParameterException;
import org.headscope.hooks.config.Dims;

/** Which patterns can be asked for; everything else is refused before the model runs. */
final class PatternChecks {
    /** Most numbers of a picture, 512 MB: what one head has with the most cells per side. */
    private static final long MOST_NUMBERS = 1L << 26;

    private PatternChecks() {}

    /** Refuses layers and heads that the model lacks, and heads or means without their layer. */
    static void check(Dims dims, AttentionPatterns.Parameters parameters) {
        if (parameters.layer() >= dims.layers()) {
            throw refused("layer", parameters.layer(), "a layer from -1 to " + (dims.layers() - 1));
        }
        if (parameters.head() >= dims.heads()) {
            throw refused("head", parameters.head(), "a head from -1 to " + (dims.heads() - 1));
        }
        if (parameters.allLayers() && parameters.head() >= 0) {
            throw refused(
                    "head", parameters.head(), "its layer with --layer, or --head -1 for all heads of all layers");
        }
        if (parameters.mean() && parameters.head() >= 0) {
            throw refused("mean", true, "it without --head, because the mean is over all heads of a layer");
        }
        if (parameters.mean() && parameters.allLayers()) {
            throw refused("mean", true, "it with one --layer, because the mean is over the heads of a layer");
        }
    }

    /** Refuses to leave out every key, and pictures too large to be held. */
    static void check(PooledPattern.Extent extent, AttentionPatterns.Parameters parameters) {
        if (parameters.leaveOut() >= extent.length()) {
            throw refused(
                    "leave-out",
                    parameters.leaveOut(),
                    "a number below " + extent.length() + ", the number of tokens of the prompt");
        }
        if (extent.numbers(parameters.cells()) > MOST_NUMBERS) {
            int patterns = extent.layers() * extent.heads();
            throw refused(
                    "cells",
                    parameters.cells(),
                    "at most " + (int) Math.sqrt((double) MOST_NUMBERS / patterns)
                            + ", because a picture holds at most "
                            + MOST_NUMBERS + " numbers and " + patterns + " patterns would need "
                            + extent.numbers(parameters.cells()));
        }
    }

    private static ParameterException refused(String parameter, Object value, String allowed) {
        return ParameterException.refused(parameter, value.toString(), allowed);
    }
}
