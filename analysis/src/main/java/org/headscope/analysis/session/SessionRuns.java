package org.headscope.analysis.session;

import java.nio.file.Path;
import java.util.Locale;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.ModelRef;
import org.headscope.analysis.result.Numerics;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.run.AnalysisRunner;
import org.headscope.analysis.run.RunIdentity;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelIdentity;

/** Runs analyses on a session. */
public final class SessionRuns {
    private final String appVersion;

    /** @param appVersion the version that goes into every result */
    public SessionRuns(String appVersion) {
        this.appVersion = appVersion;
    }

    /**
     * Runs an analysis.
     *
     * @param session the model and what holds around the run
     * @param analysis which method
     * @param parameters its parameters
     * @param progress is told how far it is, may ask to stop
     * @param journal keeps finished parts of long sweeps
     * @return the findings with their provenance
     * @param <P> the parameter record
     * @param <F> what the analysis finds
     */
    public <P extends Record, F extends Findings> Result run(
            Session session, Analysis<P, F> analysis, P parameters, Progress progress, SweepJournal journal) {
        return new AnalysisRunner(identity(session)).run(analysis, session.context(journal), parameters, progress);
    }

    /**
     * How a model is named in results.
     *
     * @param model the model
     * @return path, hash and configuration
     */
    public static ModelRef model(HookedTransformer model) {
        ModelIdentity identity = model.identity();
        Path path = identity.path();
        return new ModelRef(
                path == null ? identity.name() : path.toString(), identity.hash(), ConfigJson.of(model.config()));
    }

    private RunIdentity identity(Session session) {
        org.headscope.hooks.Numerics numerics = session.model().identity().numerics();
        Numerics shown = new Numerics(
                session.bos().name().toLowerCase(Locale.ROOT), session.mask().label(), numerics.describe(), "float32");
        return new RunIdentity(model(session.model()), shown, appVersion);
    }
}
