package org.headscope.app.maskview;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskTarget;
import org.headscope.analysis.mask.io.ImportedMask;
import org.headscope.app.dialog.Dialogs.FileType;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;

/** The mask as a list, with ways to files and back. */
public final class MaskViewModel {
    private final Workbench bench;
    private final ObservableList<MaskRow> rows = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper notice = new ReadOnlyStringWrapper(this, "notice", "");
    private final ReadOnlyStringWrapper warning = new ReadOnlyStringWrapper(this, "warning", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");

    /** @param bench what all views share */
    public MaskViewModel(Workbench bench) {
        this.bench = bench;
        bench.maskProperty().subscribe(mask -> rows.setAll(MaskRow.of(mask)));
    }

    Workbench bench() {
        return bench;
    }

    /** What is masked. */
    public ObservableList<MaskRow> rows() {
        return rows;
    }

    /** What was done last. */
    public ReadOnlyStringProperty noticeProperty() {
        return notice.getReadOnlyProperty();
    }

    /** What a person should know about the file read or written last. */
    public ReadOnlyStringProperty warningProperty() {
        return warning.getReadOnlyProperty();
    }

    /** Why the file could not be read or written. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Unmasks parts. */
    public void remove(List<MaskRow> gone) {
        HeadMask mask = bench.maskProperty().get();
        if (mask != null) {
            bench.maskProperty()
                    .set(mask.without(gone.stream().map(MaskRow::unit).toList()));
        }
    }

    /** Asks where to and writes the mask. */
    public void write(MaskFormat format) {
        OpenModel model = bench.modelProperty().get();
        HeadMask mask = bench.maskProperty().get();
        if (model == null || mask == null) {
            return;
        }
        Optional<Path> file =
                bench.services().dialogs().saveFile(Messages.get("mask.export"), format.suggestion(), format.type());
        file.ifPresent(to -> submit(
                Job.<List<String>>of(Messages.get("mask.writing"), context -> format.write(mask, target(model), to))
                        .whenDone(losses -> {
                            notice.set(Messages.get("mask.written", to));
                            warning.set(String.join("\n", losses));
                        })));
    }

    /** Asks for a file and puts its mask in place of the one there is. */
    public void read() {
        FileType type = new FileType(Messages.get("mask.files"), "*");
        bench.services().dialogs().openFile(Messages.get("mask.import"), type).ifPresent(this::read);
    }

    /** Puts the mask of a file in place of the one there is; without a model nothing happens. */
    public void read(Path from) {
        OpenModel model = bench.modelProperty().get();
        if (model != null) {
            read(model, from);
        }
    }

    private void read(OpenModel model, Path from) {
        submit(Job.<ImportedMask>of(Messages.get("mask.reading"), context -> MaskFormat.read(from, target(model)))
                .whenDone(imported -> {
                    if (bench.modelProperty().get() == model) {
                        bench.maskProperty().set(imported.mask());
                        notice.set(Messages.get(
                                "mask.read",
                                from,
                                Integer.toString(imported.mask().size())));
                        warning.set(String.join("\n", imported.warnings()));
                    }
                }));
    }

    private void submit(Job<?> job) {
        notice.set("");
        warning.set("");
        error.set("");
        bench.services()
                .jobs()
                .submit(job.whenFailed(
                        failure -> error.set(FailureText.of(failure).message())));
    }

    /** The fingerprint is read from disk on first use, so this belongs into a job. */
    private static MaskTarget target(OpenModel model) {
        return new MaskTarget(model.name(), model.identity().hash(), model.maskShape());
    }
}
