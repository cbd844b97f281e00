package org.headscope.app.workbench;

import java.util.function.UnaryOperator;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableBooleanValue;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.action.Command;
import org.headscope.app.action.CommandCategory;
import org.headscope.app.action.CommandRegistry;

/** What can be done to the workbench from anywhere in the window. */
public final class BenchCommands {
    private BenchCommands() {}

    /**
     * Registers the commands.
     *
     * @param commands where to
     * @param bench what they act on
     */
    public static void register(CommandRegistry commands, Workbench bench) {
        Edits edits = bench.edits();
        ObservableBooleanValue masked = Bindings.createBooleanBinding(
                () -> {
                    HeadMask mask = bench.maskProperty().get();
                    return mask != null && !mask.isEmpty();
                },
                bench.maskProperty());
        commands.register(
                Command.named("edit.undo", CommandCategory.EDIT)
                        .icon("mdi2u-undo")
                        .key("Shortcut+Z")
                        .enabledWhen(edits.undoableProperty())
                        .runs(edits::undo),
                Command.named("edit.redo", CommandCategory.EDIT)
                        .icon("mdi2r-redo")
                        .key("Shortcut+Shift+Z")
                        .enabledWhen(edits.redoableProperty())
                        .runs(edits::redo),
                Command.named("mask.clear", CommandCategory.EDIT)
                        .startsGroup()
                        .icon("mdi2e-eraser")
                        .key("Shortcut+Shift+BACK_SPACE")
                        .enabledWhen(masked)
                        .runs(() -> change(bench, mask -> HeadMask.none(mask.shape()))),
                Command.named("mask.invert", CommandCategory.EDIT)
                        .icon("mdi2i-invert-colors")
                        .key("Shortcut+Shift+I")
                        .enabledWhen(Bindings.isNotNull(bench.modelProperty()))
                        .runs(() -> change(bench, mask -> mask.invert(MaskUnit.Kind.HEAD, MaskSetting.ZERO))));
    }

    private static void change(Workbench bench, UnaryOperator<HeadMask> how) {
        HeadMask mask = bench.maskProperty().get();
        if (mask != null) {
            bench.maskProperty().set(how.apply(mask));
        }
    }
}
