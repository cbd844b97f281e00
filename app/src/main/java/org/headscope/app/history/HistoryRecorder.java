package org.headscope.app.history;

import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionRuns;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.app.BuildInfo;

/** Runs analyses and remembers them. */
public final class HistoryRecorder {
    private final SessionRuns runs = new SessionRuns(BuildInfo.load().version());

    /** A recorder that remembers nothing. */
    public static HistoryRecorder off() {
        return new HistoryRecorder();
    }

    /** The recorder of this user's workspace. */
    public static HistoryRecorder standard() {
        return new HistoryRecorder();
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
        return runs.run(session, analysis, parameters, progress, SweepJournal.none());
    }
}
