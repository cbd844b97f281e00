package org.headscope.app.explore;

import java.util.List;
import java.util.Locale;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableBooleanValue;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.hooks.intervene.Ablation.Mode;

/** How heads are masked: the mode, with the gate or the other prompt that some modes need. */
public final class MaskTools extends VBox {

    MaskTools(ExploreViewModel model) {
        getStyleClass().add("mask-tools");
        getChildren().addAll(modes(model), gate(model), resample(model), new ErrorLabel(model.maskErrorProperty()));
    }

    private static Node modes(ExploreViewModel model) {
        ComboBox<Mode> modes = Choices.of(List.of(Mode.values()), MaskTools::words, model.modeProperty());
        modes.setId("mask-mode");
        modes.setTooltip(new Tooltip(Messages.get("explore.mode.help")));
        Button clear = new Button(Messages.get("explore.clear"));
        clear.setId("clear-mask");
        clear.setMinWidth(USE_PREF_SIZE);
        clear.setOnAction(event -> model.clearMask());
        clear.disableProperty()
                .bind(Bindings.createBooleanBinding(
                        () -> model.grid().marks().size() == 0, model.grid().marksProperty()));
        return row(Choices.label(Messages.get("explore.mode"), modes), modes, clear);
    }

    private static Node gate(ExploreViewModel model) {
        Slider slider = new Slider(0, 1, model.gateProperty().get());
        slider.setId("gate");
        slider.setBlockIncrement(0.05);
        slider.valueProperty().bindBidirectional(model.gateProperty());
        HBox.setHgrow(slider, Priority.ALWAYS);
        Label value = new Label();
        value.getStyleClass().add("gate-value");
        value.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> String.format(
                                Locale.ROOT, "%.2f", model.gateProperty().get()),
                        model.gateProperty()));
        HBox row = row(Choices.label(Messages.get("explore.gate"), slider), slider, value);
        shownWhen(row, Bindings.equal(model.modeProperty(), Mode.GATE));
        return row;
    }

    private static Node resample(ExploreViewModel model) {
        TextField field = new TextField();
        field.setId("resample");
        field.setPromptText(Messages.get("explore.resample.hint"));
        field.textProperty().bindBidirectional(model.resampleProperty());
        HBox.setHgrow(field, Priority.ALWAYS);
        HBox row = row(Choices.label(Messages.get("explore.resample"), field), field);
        shownWhen(row, Bindings.equal(model.modeProperty(), Mode.RESAMPLE));
        return row;
    }

    private static HBox row(Node... nodes) {
        HBox row = new HBox(nodes);
        row.getStyleClass().add("row");
        return row;
    }

    private static void shownWhen(Node node, ObservableBooleanValue condition) {
        node.visibleProperty().bind(condition);
        node.managedProperty().bind(condition);
    }

    /** @return a mode in words */
    public static String words(Mode mode) {
        return switch (mode) {
            case ZERO -> Messages.get("mask.mode.zero");
            case MEAN -> Messages.get("mask.mode.mean");
            case RESAMPLE -> Messages.get("mask.mode.resample");
            case UNIFORM -> Messages.get("mask.mode.uniform");
            case GATE -> Messages.get("mask.mode.gate");
        };
    }
}
