package org.headscope.analysis.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Provenance;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Timing;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.sweep.SweepCancelledException;

/** Runs analyses and puts what they find together with where it came from. Window and command line both run them here. */
public final class AnalysisRunner {
    private final RunIdentity identity;

    /** @param identity what to write into every result */
    public AnalysisRunner(RunIdentity identity) {
        this.identity = identity;
    }

    /**
     * Runs an analysis.
     *
     * @param analysis which
     * @param context the model and what holds around the run; its prompt encoder must be fresh, since the prompts it
     *     encoded are written into the result
     * @param parameters bound parameters
     * @param progress is told how far it is, may ask to stop
     * @return the complete result
     * @param <P> parameters
     * @param <F> findings
     * @throws CancelledException when asked to stop, also inside a sweep
     * @throws org.headscope.hooks.HeadscopeException when the analysis fails
     */
    public <P extends Record, F extends Findings> Result run(
            Analysis<P, F> analysis, AnalysisContext context, P parameters, Progress progress) {
        Instant started = Instant.now();
        long clock = System.nanoTime();
        F findings = findings(analysis, context, parameters, progress);
        double seconds = Duration.ofNanos(System.nanoTime() - clock).toNanos() / 1e9;
        Provenance provenance = new Provenance(
                analysis.info().id(),
                ParameterBinder.of(analysis.parameters()).toJson(parameters),
                identity.model(),
                context.prompts().encoded(),
                identity.numerics(),
                context.seed(),
                identity.appVersion(),
                new Timing(started, seconds, Map.of()));
        return new Result(analysis.info().name(), findings.panels(), findings.receipts(), provenance);
    }

    private static <P extends Record, F extends Findings> F findings(
            Analysis<P, F> analysis, AnalysisContext context, P parameters, Progress progress) {
        progress.checkCancelled();
        try {
            return analysis.run(context, parameters, progress);
        } catch (SweepCancelledException e) {
            CancelledException cancelled = new CancelledException();
            cancelled.initCause(e);
            throw cancelled;
        }
    }
}
