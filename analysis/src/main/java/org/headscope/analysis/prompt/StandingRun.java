package org.headscope.analysis.prompt;

import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunRequest;

/** Requests in which the standing interventions of a context hold, so that no analysis forgets the active mask. */
public final class StandingRun {
    private StandingRun() {}

    /**
     * Starts a request.
     *
     * @param context the model and what stands
     * @param tokens the input
     * @return a builder that already carries the standing interventions
     */
    public static RunRequest.Builder of(AnalysisContext context, TokenBatch tokens) {
        var interventions = new Interventions(context.model().config());
        return RunRequest.of(tokens).edits(interventions.compile(context.standing()));
    }
}
