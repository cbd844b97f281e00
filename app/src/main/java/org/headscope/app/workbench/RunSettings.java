package org.headscope.app.workbench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.tokens.BosPolicy;

/**
 * What holds around a run.
 *
 * @param bos whether a beginning-of-sequence token is put in front of text
 * @param mask what is masked during the run
 * @param sources prompts that the mask takes activations from, as far as it takes any
 * @param seed for everything random
 */
public record RunSettings(BosPolicy bos, HeadMask mask, MaskSources sources, long seed) {
    /** Drops prompts that the mask has no use for: they change nothing. */
    public RunSettings {
        sources = sources.of(mask);
    }

    /** The model as it is. */
    public static RunSettings unmasked(OpenModel model, BosPolicy bos) {
        return new RunSettings(bos, HeadMask.none(model.maskShape()), MaskSources.NONE, 0);
    }

    /**
     * Sets up a session; reads the fingerprint of the model and may run prompts, so it belongs into a job.
     *
     * @param model what runs
     * @throws org.headscope.hooks.HeadscopeException when the mask takes activations from a prompt that is not there
     */
    Session session(HookedTransformer model) {
        Session plain = Session.of(model).with(bos).withSeed(seed);
        return plain.with(Session.ActiveMask.of(plain, mask, sources));
    }

    /**
     * What holds around work on a model outside of an analysis; as with a session, it belongs into a job.
     *
     * @param model what runs
     * @throws org.headscope.hooks.HeadscopeException when the mask takes activations from a prompt that is not there
     */
    public AnalysisContext context(HookedTransformer model) {
        return session(model).context(SweepJournal.none());
    }

    /** The mask as it is written to files; reads the fingerprint of the model, so it belongs into a job. */
    ObjectNode maskJson(HookedTransformer model) {
        return Session.ActiveMask.json(mask, sources, Session.target(model));
    }

    /** The flags of a command line that say the same; a mask has to be exported to the file named. */
    String flags() {
        return " --bos-policy " + bos + " --seed " + seed
                + (mask.isEmpty() ? "" : " --mask mask.json" + CommandText.flags(sources));
    }
}
