package org.headscope.app.workbench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.app.history.HistoryRecorder;

/**
 * An analysis with everything it needs to run.
 *
 * @param model what it runs on
 * @param settings what holds around the run
 * @param analysis which method
 * @param texts its parameters as a command line would give them, by flag
 */
public record AnalysisCall(OpenModel model, RunSettings settings, Analysis<?, ?> analysis, Map<String, String> texts) {
    /**
     * Runs it; takes its time.
     *
     * @param recorder runs it and keeps the result
     * @param progress is told how far it is, may ask to stop
     * @throws org.headscope.hooks.HeadscopeException when parameters do not fit, or the run fails or is stopped
     */
    public Result run(HistoryRecorder recorder, Progress progress) {
        return runTyped(analysis, recorder, progress);
    }

    /** @return the command that does the same without the window */
    public String commandLine() {
        Path path = model.identity().path();
        String line = CommandText.of(analysis.info().id(), path == null ? model.name() : path.toString(), texts);
        return line + settings.flags();
    }

    /** @return the mask that holds around the run, as it is written to files; reads the fingerprint, so it takes its time */
    public ObjectNode maskJson() {
        return model.use(open -> settings.maskJson(open));
    }

    private <P extends Record, F extends Findings> Result runTyped(
            Analysis<P, F> typed, HistoryRecorder recorder, Progress progress) {
        P parameters = ParameterBinder.of(typed.parameters()).bind(texts);
        return model.use(open -> recorder.run(settings.session(open), typed, parameters, progress));
    }
}
