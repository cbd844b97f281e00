package org.headscope.app.detectview;

import java.util.List;
import javafx.css.PseudoClass;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.app.form.ParameterForm;
import org.headscope.app.text.Messages;
import org.kordamp.ikonli.javafx.FontIcon;

/** Detectors to tick, each with what it costs and a form that opens below it. */
final class DetectorList extends VBox {
    private static final PseudoClass OPEN = PseudoClass.getPseudoClass("open");

    DetectorList(List<Detector> detectors) {
        getStyleClass().add("detector-list");
        detectors.forEach(detector -> getChildren().add(entry(detector)));
    }

    private static VBox entry(Detector detector) {
        CheckBox tick = new CheckBox(detector.info().name());
        tick.setId("tick-" + detector.info().id());
        tick.setTooltip(new Tooltip(detector.info().measures()));
        tick.selectedProperty().bindBidirectional(detector.tickedProperty());
        tick.setWrapText(true);
        tick.setMinHeight(Region.USE_PREF_SIZE);
        tick.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(tick, Priority.ALWAYS);
        Label cost = new Label(detector.info().cost());
        cost.getStyleClass().addAll("muted", "small", "cost");
        cost.setWrapText(true);
        cost.setMinHeight(Region.USE_PREF_SIZE);
        HBox row = new HBox(tick, opener(detector));
        row.getStyleClass().add("row");
        VBox entry = new VBox(row, cost);
        entry.getStyleClass().add("detector");
        detector.openProperty().subscribe(open -> {
            entry.pseudoClassStateChanged(OPEN, open);
            entry.getChildren().setAll(row, cost);
            if (open) {
                entry.getChildren().add(new ParameterForm(detector.form().fields()));
            }
        });
        return entry;
    }

    private static ToggleButton opener(Detector detector) {
        ToggleButton opener = new ToggleButton("", new FontIcon("mdi2t-tune-variant"));
        opener.setId("open-" + detector.info().id());
        opener.getStyleClass().addAll("button-icon", "flat");
        opener.setAccessibleText(
                Messages.get("detect.parameters", detector.info().name()));
        opener.setTooltip(new Tooltip(opener.getAccessibleText()));
        opener.selectedProperty().bindBidirectional(detector.openProperty());
        return opener;
    }
}
