package org.headscope.app.workbench;

import java.nio.file.Path;
import org.headscope.app.text.Messages;
import org.headscope.app.window.ModelChoice;
import org.headscope.app.window.ModelPickerViewModel;
import org.headscope.hooks.config.Dims;
import org.jspecify.annotations.Nullable;

/** Lets the window's choice of model open models on the workbench. */
public final class PickerLink {
    private final ModelPickerViewModel picker;
    private final Workbench bench;
    private @Nullable ModelChoice asked;

    private PickerLink(ModelPickerViewModel picker, Workbench bench) {
        this.picker = picker;
        this.bench = bench;
    }

    /** Ties the two together for as long as they live. */
    public static void connect(ModelPickerViewModel picker, Workbench bench) {
        PickerLink link = new PickerLink(picker, bench);
        picker.onOpenProperty().set(link::open);
        bench.modelProperty().subscribe(link::opened);
        bench.modelErrorProperty().subscribe(error -> {
            if (!error.isEmpty()) {
                picker.openFailed();
            }
        });
    }

    private void open(ModelChoice choice) {
        asked = choice;
        bench.open(choice.folder());
    }

    private void opened(@Nullable OpenModel model) {
        ModelChoice choice = model == null ? null : choice(model);
        if (model != null && choice != null) {
            Dims dims = model.dims();
            picker.opened(
                    choice,
                    Messages.get(
                            "workbench.summary",
                            model.family(),
                            Integer.toString(dims.layers()),
                            Integer.toString(dims.heads()),
                            Integer.toString(dims.vocab())));
        }
    }

    /** A model may also be opened from elsewhere, as by a lesson. */
    private @Nullable ModelChoice choice(OpenModel model) {
        Path path = model.identity().path();
        ModelChoice wanted = asked;
        if (path == null || wanted != null && same(wanted.folder(), path)) {
            return wanted;
        }
        return picker.bundled().stream()
                .filter(bundled -> same(bundled.folder(), path))
                .findFirst()
                .orElseGet(() -> new ModelChoice(ModelChoice.Kind.FOLDER, path));
    }

    private static boolean same(Path one, Path other) {
        return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize());
    }
}
