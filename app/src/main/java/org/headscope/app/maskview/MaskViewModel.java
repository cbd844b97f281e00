package org.headscope.app.maskview;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskTarget;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.RandomControl;
import org.headscope.analysis.mask.io.BakedMask;
import org.headscope.analysis.mask.io.ImportedMask;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.dialog.Dialogs.FileType;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.explore.MaskEditor;
import org.headscope.app.job.Job;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;
import org.headscope.app.workbench.Workbench;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/** The mask as a list, what is done to the whole of it, and ways to files and back. */
public final class MaskViewModel {
    private final Workbench bench;
    private final HeadGridModel grid = new HeadGridModel();
    private final MaskEditor editor;
    private final ObservableList<MaskRow> rows = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper notice = new ReadOnlyStringWrapper(this, "notice", "");
    private final ReadOnlyStringWrapper warning = new ReadOnlyStringWrapper(this, "warning", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private @Nullable HeadMask controlOf;
    private @Nullable HeadMask control;
    private long controlSeed;

    /** @param bench what all views share */
    public MaskViewModel(Workbench bench) {
        this.bench = bench;
        this.editor = new MaskEditor(bench.maskProperty(), grid);
        bench.maskProperty().subscribe(mask -> rows.setAll(MaskRow.of(mask)));
        grid.numberedProperty().set(false);
        bench.modelProperty().subscribe(this::blank);
        grid.cursorProperty().subscribe(this::pointedAt);
    }

    private void blank(@Nullable OpenModel model) {
        grid.valuesProperty()
                .set(
                        model == null
                                ? GridValues.NONE
                                : GridValues.of(
                                        new float[model.dims().layers()]
                                                [model.dims().heads()]));
    }

    /** Nothing pointed at here leaves the head that is looked at in other views. */
    private void pointedAt(@Nullable GridCell cell) {
        if (cell != null) {
            bench.headProperty().set(MaskUnit.head(cell.row(), cell.column()));
        }
    }

    /** The mask as a grid to click. */
    public HeadGridModel grid() {
        return grid;
    }

    /** How heads are masked from now on. */
    public MaskEditor editor() {
        return editor;
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

    /** Masks the heads that are not masked, in the mode chosen, and unmasks those that are. */
    public void invert() {
        HeadMask mask = bench.maskProperty().get();
        if (mask != null) {
            bench.maskProperty().set(mask.invert(MaskUnit.Kind.HEAD, editor.setting()));
        }
    }

    /**
     * Puts a random mask in the place of the mask: as many heads in every layer, none of them its own. Asked again it draws
     * another one for the same mask.
     */
    public void drawControl() {
        HeadMask mask = bench.maskProperty().get();
        if (mask == null) {
            return;
        }
        boolean again = control != null && mask.equals(control);
        HeadMask of = again && controlOf != null ? controlOf : mask;
        long seed = again ? controlSeed + 1 : bench.seedProperty().get();
        error.set("");
        warning.set("");
        try {
            HeadMask drawn = new RandomControl(seed, true, Set.of()).draw(of);
            controlOf = of;
            control = drawn;
            controlSeed = seed;
            bench.maskProperty().set(drawn);
            notice.set(Messages.get("mask.control.drawn", Integer.toString(drawn.size()), Long.toString(seed)));
        } catch (HeadscopeException e) {
            error.set(FailureText.of(e).message());
        }
    }

    /** Asks for a folder and writes a copy of the checkpoint in it, with the mask in its weights. */
    public void bake(boolean remove) {
        OpenModel model = bench.modelProperty().get();
        HeadMask mask = bench.maskProperty().get();
        if (model != null && mask != null) {
            MaskBaking baking = new MaskBaking(model, mask, remove);
            submit(Job.<Boolean>of(Messages.get("mask.bake.checking"), context -> baking.check())
                    .whenDone(fine -> bench.services()
                            .dialogs()
                            .chooseFolder(Messages.get("mask.bake.where"))
                            .ifPresent(folder -> bake(baking, folder))));
        }
    }

    private void bake(MaskBaking baking, Path folder) {
        submit(Job.<BakedMask.Written>of(Messages.get("mask.bake.writing"), context -> baking.write(folder))
                .whenDone(written -> notice.set(Messages.get(
                        "mask.bake.written",
                        written.folder(),
                        Integer.toString(written.parts()),
                        Ticks.format(written.difference())))));
    }

    /** Asks where to and writes the mask. */
    public void write(MaskFormat format) {
        OpenModel model = bench.modelProperty().get();
        if (model == null) {
            return;
        }
        RunSettings settings = bench.settings(model);
        Optional<Path> file =
                bench.services().dialogs().saveFile(Messages.get("mask.export"), format.suggestion(), format.type());
        file.ifPresent(to ->
                submit(Job.<List<String>>of(Messages.get("mask.writing"), context -> format.write(settings, model, to))
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
                        warning.set(Stream.concat(imported.warnings().stream(), sources(imported.sources()))
                                .collect(Collectors.joining("\n")));
                    }
                }));
    }

    /** A file may say which prompts its mask takes activations from; here means are always over the prompt in the window. */
    private Stream<String> sources(MaskSources file) {
        if (!file.resample().isEmpty()) {
            bench.resampleProperty().set(file.resample());
        }
        return file.mean().isEmpty()
                        || file.mean().equals(bench.promptProperty().get())
                ? Stream.of()
                : Stream.of(Messages.get("mask.read.mean", file.mean()));
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
    static MaskTarget target(OpenModel model) {
        return new MaskTarget(model.name(), model.identity().hash(), model.maskShape());
    }
}
