package org.headscope.app.maskview;

import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Slider;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.explore.MaskEditor;
import org.headscope.app.explore.MaskTools;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Choices;
import org.headscope.hooks.intervene.Ablation.Mode;

/** The mask on the table as a grid to click, and how heads are masked from now on. */
final class BenchMaskPane extends VBox {

    BenchMaskPane(MaskViewModel model) {
        getStyleClass().add("half");
        HeadGrid grid = new HeadGrid(model.grid());
        grid.setId("mask-grid");
        grid.setMaxHeight(Region.USE_PREF_SIZE);
        VBox.setVgrow(grid, Priority.SOMETIMES);
        getChildren().addAll(grid, modes(model.editor()));
    }

    private static HBox modes(MaskEditor editor) {
        ComboBox<Mode> modes = Choices.of(List.of(Mode.values()), MaskTools::words, editor.modeProperty());
        modes.setId("mask-view-mode");
        Slider gate = new Slider(0, 1, editor.gateProperty().get());
        gate.setId("mask-view-gate");
        gate.setBlockIncrement(0.05);
        gate.setAccessibleText(Messages.get("explore.gate"));
        gate.valueProperty().bindBidirectional(editor.gateProperty());
        gate.visibleProperty().bind(Bindings.equal(editor.modeProperty(), Mode.GATE));
        HBox.setHgrow(gate, Priority.ALWAYS);
        HBox row = new HBox(Choices.label(Messages.get("explore.mode"), modes), modes, gate);
        row.getStyleClass().add("row");
        return row;
    }
}
