package org.headscope.analysis.mask;

import org.headscope.hooks.intervene.Ablation.Mode;

/**
 * Which prompts a mask takes activations from where it replaces outputs. Prompts are in their one-line form.
 *
 * @param mean outputs become their mean over the positions of this prompt; empty where none was chosen
 * @param resample outputs become those of this prompt, position by position; empty where none was chosen
 */
public record MaskSources(String mean, String resample) {
    /** No prompts were chosen. */
    public static final MaskSources NONE = new MaskSources("", "");

    /**
     * Drops prompts that a mask has no use for.
     *
     * @param mask the mask
     * @return the others
     */
    public MaskSources of(HeadMask mask) {
        return new MaskSources(mask.uses(Mode.MEAN) ? mean : "", mask.uses(Mode.RESAMPLE) ? resample : "");
    }
}
