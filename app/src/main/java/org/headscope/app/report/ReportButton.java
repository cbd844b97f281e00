package org.headscope.app.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Button;
import javafx.scene.control.Tooltip;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.store.StoredRun;
import org.headscope.analysis.store.WorkspaceStore;
import org.headscope.app.dialog.Dialogs.FileType;
import org.headscope.app.export.PanelFolder;
import org.headscope.app.job.Job;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.Services;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** Asks where to, and writes the report of a run as a job. */
public final class ReportButton extends Button {
    private ReportButton() {
        super(Messages.get("report.save"), new FontIcon("mdi2f-file-document-outline"));
        setId("save-report");
        setMinWidth(USE_PREF_SIZE);
        setTooltip(new Tooltip(Messages.get("report.save.tip")));
    }

    /** A button for the result of a run, seen while there is one. */
    public static ReportButton of(Services services, AnalysisRun run) {
        ReportButton button = new ReportButton();
        button.visibleProperty().bind(run.resultProperty().isNotNull());
        button.managedProperty().bind(button.visibleProperty());
        button.setOnAction(event -> {
            Result result = run.resultProperty().get();
            AnalysisCall call = run.callProperty().get();
            if (result != null && call != null) {
                write(
                        services,
                        result.title(),
                        () -> RunReport.of(
                                result, services.analyses(), services.catalog(), call.maskJson(), List.of()));
            }
        });
        return button;
    }

    /** A button for a run of the history, alive while one with a result is selected. */
    public static ReportButton of(Services services, ObservableValue<@Nullable StoredRun> selected) {
        ReportButton button = new ReportButton();
        selected.subscribe(run -> button.setDisable(run == null || !run.hasResult()));
        button.setOnAction(event -> {
            StoredRun run = selected.getValue();
            WorkspaceStore store = services.store();
            if (run != null && store != null) {
                write(
                        services,
                        run.spec().title() + " " + run.id(),
                        () -> StoredReport.of(store, services.analyses(), services.catalog(), run.id()));
            }
        });
        return button;
    }

    private static void write(Services services, String title, Supplier<RunReport> report) {
        FileType type = new FileType(Messages.get("report.type"), "html");
        Optional<Path> file =
                services.dialogs().saveFile(Messages.get("report.save"), PanelFolder.name(title) + ".html", type);
        file.ifPresent(to -> services.jobs().submit(Job.of(Messages.get("report.saving"), context -> {
            report.get().write(to);
            return to;
        })));
    }
}
