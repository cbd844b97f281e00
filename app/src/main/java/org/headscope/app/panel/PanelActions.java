package org.headscope.app.panel;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.embed.swing.SwingFXUtils;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import org.headscope.app.dialog.Dialogs.FileType;
import org.headscope.app.export.DataFormat;
import org.headscope.app.export.Exhibit;
import org.headscope.app.export.Origin;
import org.headscope.app.export.PanelFolder;
import org.headscope.app.export.PlainTable;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobProgress;
import org.headscope.app.picture.PictureFormat;
import org.headscope.app.picture.Pictures;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.Services;

/** What can be done with something in sight: copied, drawn into a file, saved as data. Work that takes time is a job. */
final class PanelActions {
    private final Services services;

    /** @param services jobs, dialogs and the history */
    PanelActions(Services services) {
        this.services = services;
    }

    void copyPicture(Take take) {
        services.jobs()
                .submit(Job.of(
                                Messages.get("panel.copyPicture"),
                                context -> Pictures.image(take.work()
                                        .apply(new JobProgress(context, panel -> {}))
                                        .sight()))
                        .whenDone(image -> {
                            ClipboardContent content = new ClipboardContent();
                            content.putImage(SwingFXUtils.toFXImage(image, null));
                            Clipboard.getSystemClipboard().setContent(content);
                        }));
    }

    void copyTable(Take take) {
        services.jobs()
                .submit(Job.of(Messages.get("panel.copyTable"), context -> PlainTable.of(take.work()
                                        .apply(new JobProgress(context, panel -> {}))
                                        .sight())
                                .tabbed())
                        .whenDone(PanelActions::copy));
    }

    void copyCommand(AnalysisCall call) {
        copy(call.commandLine());
    }

    private static void copy(String text) {
        ClipboardContent content = new ClipboardContent();
        content.putString(text);
        Clipboard.getSystemClipboard().setContent(content);
    }

    /** Runs what is only shown, so that it is in the history. */
    void keep(AnalysisCall call) {
        services.jobs()
                .submit(Job.of(
                                call.analysis().info().name(),
                                context -> call.run(services.recorder(), new JobProgress(context, panel -> {})))
                        .whenDone(result -> services.receipts().show(result.receipts())));
    }

    void savePicture(Take take, PictureFormat format) {
        FileType type = new FileType(label(format), format.ending());
        ask(Messages.get("panel.savePicture"), take, type)
                .ifPresent(file -> write(
                        take, file, exhibit -> Pictures.write(exhibit.sight(), Origin.json(exhibit.origins()), file)));
    }

    void saveData(Take take, DataFormat format) {
        FileType type = new FileType(label(format), format.ending());
        ask(Messages.get("panel.saveData"), take, type)
                .ifPresent(
                        file -> write(take, file, exhibit -> DataFormat.of(file).write(exhibit, file)));
    }

    private Optional<Path> ask(String title, Take take, FileType type) {
        String suggestion = PanelFolder.name(take.title()) + "." + type.ending();
        return services.dialogs().saveFile(title, suggestion, type);
    }

    private void write(Take take, Path file, Consumer<Exhibit> writing) {
        String name = String.valueOf(file.getFileName());
        services.jobs().submit(Job.of(Messages.get("panel.saving", name), context -> {
            writing.accept(take.work().apply(new JobProgress(context, panel -> {})));
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
