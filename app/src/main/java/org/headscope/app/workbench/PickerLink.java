package org.headscope.app.workbench;

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
        ModelChoice choice = asked;
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
}
