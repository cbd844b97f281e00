package org.headscope.app.workbench;

import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.dialog.Dialogs;
import org.headscope.app.history.HistoryRecorder;
import org.headscope.app.job.JobRunner;
import org.headscope.app.model.ModelCatalog;
import org.jspecify.annotations.Nullable;

/**
 * What views work with.
 *
 * @param jobs runs everything that takes time
 * @param catalog the shipped models
 * @param analyses the methods there are
 * @param store keeps results and masks, null when it could not be opened
 * @param dialogs asks for files and folders
 * @param receipts where the last one is shown
 */
public record Services(
        JobRunner jobs,
        ModelCatalog catalog,
        AnalysisRegistry analyses,
        @Nullable WorkspaceStore store,
        Dialogs dialogs,
        LastReceipt receipts) {

    /** @return what runs analyses, and keeps their results where it can */
    public HistoryRecorder recorder() {
        WorkspaceStore kept = store;
        return kept == null ? HistoryRecorder.off() : HistoryRecorder.into(kept);
    }
}
