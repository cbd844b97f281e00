package org.headscope.app.history;

import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.ModelRef;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionRuns;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.analysis.store.RunSpec;
import org.headscope.analysis.store.RunTable;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.BuildInfo;
import org.jspecify.annotations.Nullable;

/** Runs analyses and remembers them: what was asked for, whether it ended, and what came out. */
public final class HistoryRecorder {
    private final @Nullable WorkspaceStore store;
    private final String version = BuildInfo.load().version();
    private final SessionRuns runs = new SessionRuns(version);

    private HistoryRecorder(@Nullable WorkspaceStore store) {
        this.store = store;
    }

    /** A recorder that remembers nothing. */
    public static HistoryRecorder off() {
        return new HistoryRecorder(null);
    }

    /**
     * A recorder into a workspace.
     *
     * @param store the workspace; closed by the caller
     */
    public static HistoryRecorder into(WorkspaceStore store) {
        return new HistoryRecorder(store);
    }

    /**
     * Runs an analysis and records it.
     *
     * @param session the model and what holds around the run
     * @param analysis which method
     * @param parameters its parameters
     * @param progress is told how far it is, may ask to stop
     * @return the result
     */
    public <P extends Record, F extends Findings> Result run(
            Session session, Analysis<P, F> analysis, P parameters, Progress progress) {
        if (store == null) {
            return runs.run(session, analysis, parameters, progress, SweepJournal.none());
        }
        store.models().opened(SessionRuns.model(session.model()));
        long id = store.runs().queue(spec(session, analysis, parameters));
        return run(id, session, analysis, parameters, progress);
    }

    /**
     * Runs what is already in the history, going on after the last stored batch of a sweep.
     *
     * @param id number of the run
     * @param session the model and what holds around the run
     * @param analysis which method
     * @param parameters its parameters
     * @param progress is told how far it is, may ask to stop
     * @return the result
     */
    public <P extends Record, F extends Findings> Result run(
            long id, Session session, Analysis<P, F> analysis, P parameters, Progress progress) {
        if (store == null) {
            throw new IllegalStateException("A recorder without a workspace cannot go on with run " + id);
        }
        RunTable table = store.runs();
        table.start(id);
        try {
            Result result = runs.run(
                    session, analysis, parameters, progress, store.sweeps().journal(id));
            table.finish(id, result);
            return result;
        } catch (CancelledException e) {
            table.cancel(id);
            throw e;
        } catch (RuntimeException | Error e) {
            table.fail(id, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private <P extends Record> RunSpec spec(Session session, Analysis<P, ?> analysis, P parameters) {
        ModelRef model = SessionRuns.model(session.model());
        return new RunSpec(
                analysis.info().id(),
                analysis.info().name(),
                ParameterBinder.of(analysis.parameters()).toJson(parameters),
                session.mask().json(),
                new RunSpec.ModelKey(model.path(), model.hash()),
                version,
                session.seed());
    }
}
