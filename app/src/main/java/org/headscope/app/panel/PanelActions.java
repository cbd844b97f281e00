package org.headscope.app.panel;

import java.nio.file.Path;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import org.headscope.analysis.result.Result;
import org.headscope.app.dialog.Dialogs.FileType;
import org.headscope.app.export.DataFormat;
import org.headscope.app.export.Origin;
import org.headscope.app.export.PanelFolder;
import org.headscope.app.export.PlainTable;
import org.headscope.app.job.Job;
import org.headscope.app.picture.PictureFormat;
import org.headscope.app.picture.Pictures;
import org.headscope.app.picture.Sight;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.Services;
import org.jspecify.annotations.Nullable;

/** What can be done with a panel: copied, drawn into a file, saved as data. Work that takes time is a job. */
public final class PanelActions {
    private final Services services;
    private final ObservableValue<@Nullable Result> result;

    /**
     * @param services jobs and dialogs
     * @param result what the panels belong to; null while it is not complete, when data cannot say where they come from
     */
    public PanelActions(Services services, ObservableValue<@Nullable Result> result) {
        this.services = services;
        this.result = result;
    }

    /** Actions for the panels of a run. */
    public static PanelActions of(Services services, AnalysisRun run) {
        return new PanelActions(services, run.resultProperty());
    }

    /** What the panels belong to, null while it is not complete. */
    ObservableValue<@Nullable Result> resultProperty() {
        return result;
    }

    void copyPicture(Sight sight) {
        services.jobs()
                .submit(Job.of(Messages.get("panel.copyPicture"), context -> Pictures.image(sight))
                        .whenDone(image -> {
                            ClipboardContent content = new ClipboardContent();
                            content.putImage(SwingFXUtils.toFXImage(image, null));
                            Clipboard.getSystemClipboard().setContent(content);
                        }));
    }

    void copyTable(Sight sight) {
        services.jobs()
                .submit(Job.of(Messages.get("panel.copyTable"), context -> PlainTable.of(sight)
                                .tabbed())
                        .whenDone(text -> {
                            ClipboardContent content = new ClipboardContent();
                            content.putString(text);
                            Clipboard.getSystemClipboard().setContent(content);
                        }));
    }

    void savePicture(Sight sight, PictureFormat format) {
        FileType type = new FileType(label(format), format.ending());
        Result complete = result.getValue();
        ask(Messages.get("panel.savePicture"), sight, type)
                .ifPresent(file ->
                        submit(file, () -> Pictures.write(sight, complete == null ? "" : Origin.json(complete), file)));
    }

    void saveData(Sight sight, DataFormat format) {
        Result complete = result.getValue();
        if (complete == null) {
            return;
        }
        FileType type = new FileType(label(format), format.ending());
        ask(Messages.get("panel.saveData"), sight, type)
                .ifPresent(file -> submit(file, () -> DataFormat.of(file).write(sight.panel(), complete, file)));
    }

    private Optional<Path> ask(String title, Sight sight, FileType type) {
        String suggestion = PanelFolder.name(sight.panel().title()) + "." + type.ending();
        return services.dialogs().saveFile(title, suggestion, type);
    }

    private void submit(Path file, Runnable writing) {
        String name = String.valueOf(file.getFileName());
        services.jobs().submit(Job.of(Messages.get("panel.saving", name), context -> {
            writing.run();
            return file;
        }));
    }

    static String label(PictureFormat format) {
        return switch (format) {
            case PNG -> Messages.get("panel.format.png");
            case SVG -> Messages.get("panel.format.svg");
            case PDF -> Messages.get("panel.format.pdf");
        };
    }

    static String label(DataFormat format) {
        return switch (format) {
            case CSV -> Messages.get("panel.format.csv");
            case JSON -> Messages.get("panel.format.json");
            case SAFETENSORS -> Messages.get("panel.format.safetensors");
        };
    }
}
