package org.headscope.app.report;

import java.util.List;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.store.StoredRun;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.model.ModelCatalog;
import org.headscope.hooks.HeadscopeException;

/** Reports of runs in the history, with the mask that held and the notes about them. */
public final class StoredReport {
    private StoredReport() {}

    /**
     * The report of a run.
     *
     * @param store the history
     * @param analyses the methods there are
     * @param catalog the shipped models
     * @param id number of the run
     * @throws HeadscopeException when there is no such run or it has no result
     */
    public static RunReport of(WorkspaceStore store, AnalysisRegistry analyses, ModelCatalog catalog, long id) {
        StoredRun run = store.runs()
                .find(id)
                .orElseThrow(() -> new HeadscopeException("There is no run " + id + " in " + store.file() + "."));
        Result result = store.runs()
                .result(id)
                .orElseThrow(() -> new HeadscopeException("Run " + id + " has no result, so there is nothing to report."
                        + " `headscope history repeat " + id + "` runs it again."));
        List<String> notes = store.notes().all().stream()
                .filter(note -> note.run().orElse(-1) == id)
                .map(note -> note.subject().isBlank() ? note.body() : note.subject() + ": " + note.body())
                .toList();
        return RunReport.of(result, analyses, catalog, run.spec().mask(), notes);
    }
}
