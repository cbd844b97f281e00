package org.headscope.analysis.mask.io;

import java.util.List;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSources;

/**
 * A mask read from a file.
 *
 * @param mask the mask
 * @param sources which prompts it takes activations from, as far as the file says it
 * @param warnings what a person should know about it, such as other weights; empty when all is well
 */
public record ImportedMask(HeadMask mask, MaskSources sources, List<String> warnings) {
    /** Copies the warnings. */
    public ImportedMask {
        warnings = List.copyOf(warnings);
    }

    /**
     * A mask from a format that knows no prompts.
     *
     * @param mask the mask
     */
    public ImportedMask(HeadMask mask) {
        this(mask, MaskSources.NONE, List.of());
    }
}
