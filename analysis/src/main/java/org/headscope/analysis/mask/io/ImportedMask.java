package org.headscope.analysis.mask.io;

import java.util.List;
import org.headscope.analysis.mask.HeadMask;

/**
 * A mask read from a file.
 *
 * @param mask the mask
 * @param warnings what a person should know about it, such as other weights; empty when all is well
 */
public record ImportedMask(HeadMask mask, List<String> warnings) {
    /** Copies the warnings. */
    public ImportedMask {
        warnings = List.copyOf(warnings);
    }
}
