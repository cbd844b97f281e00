package org.headscope.app.workbench;

import org.headscope.analysis.mask.HeadMask;
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
 * @param seed for everything random
 */
public record RunSettings(BosPolicy bos, HeadMask mask, long seed) {
    /** The model as it is. */
    public static RunSettings unmasked(OpenModel model, BosPolicy bos) {
        return new RunSettings(bos, HeadMask.none(model.maskShape()), 0);
    }

    /**
     * Sets up a session; reads the fingerprint of the model, so it belongs into a job.
     *
     * @param model what runs
     * @throws org.headscope.hooks.HeadscopeException when the mask has parts whose mode needs another text
     */
    Session session(HookedTransformer model) {
        return Session.of(model)
                .with(bos)
                .with(Session.ActiveMask.of(mask, Session.target(model)))
                .withSeed(seed);
    }

    /**
     * What holds around work on a model outside of an analysis; as with a session, it belongs into a job.
     *
     * @param model what runs
     * @throws org.headscope.hooks.HeadscopeException when the mask has parts whose mode needs another text
     */
    public AnalysisContext context(HookedTransformer model) {
        return session(model).context(SweepJournal.none());
    }

    /** The flags of a command line that say the same; a mask has to be exported to the file named. */
    String flags() {
        return " --bos-policy " + bos + " --seed " + seed + (mask.isEmpty() ? "" : " --mask mask.json");
    }
}
