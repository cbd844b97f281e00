package org.headscope.analysis.mask;

/**
 * Which prompts a mask takes activations from where it replaces outputs. Prompts are in their one-line form.
 *
 * @param mean outputs become their mean over the positions of this prompt; empty where none was chosen
 * @param resample outputs become those of this prompt, position by position; empty where none was chosen
 */
public record MaskSources(String mean, String resample) {
    /** No prompts were chosen. */
    public static final MaskSources NONE = new MaskSources("", "");
}
