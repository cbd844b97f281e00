package org.headscope.app.circuitview;

import java.util.List;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.control.TextFormatter;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import org.headscope.analysis.edges.CircuitGrowth;
import org.headscope.analysis.edges.CircuitStudy;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Choices;

/** How many edges there are to be: a slider from none to all, slow where there are few, and the number itself. */
final class SizeRow extends HBox {
    private static final int DIGITS = 7;
    private final SizedCircuit circuit;
    private final Slider slider = new Slider(0, 1, 0);
    private final TextField field = new TextField();
    private boolean following;

    SizeRow(SizedCircuit circuit) {
        this.circuit = circuit;
        getStyleClass().add("row");
        slider.setId("size");
        slider.setTooltip(new Tooltip(Messages.get("circuit.size.help")));
        slider.addEventFilter(KeyEvent.KEY_PRESSED, this::stepped);
        slider.valueProperty().subscribe((before, now) -> slid(now.doubleValue()));
        setHgrow(slider, Priority.ALWAYS);
        field.setId("size-field");
        field.setPrefColumnCount(5);
        field.setTextFormatter(new TextFormatter<>(SizeRow::digitsOnly));
        field.setOnAction(event -> typed());
        field.focusedProperty().subscribe(focused -> {
            if (!focused) {
                typed();
            }
        });
        Label all = new Label();
        all.setMinWidth(USE_PREF_SIZE);
        circuit.studyProperty().subscribe(study -> {
            all.setText(study == null ? "" : Messages.get("circuit.size.of", Integer.toString(study.size())));
            follow();
        });
        circuit.sizeProperty().subscribe(this::follow);
        ComboBox<CircuitGrowth> growth =
                Choices.of(List.of(CircuitGrowth.values()), CircuitWords::growth, circuit.growthProperty());
        growth.setId("growth");
        growth.setMinWidth(110);
        growth.setTooltip(new Tooltip(Messages.get("circuit.growth.help")));
        getChildren()
                .addAll(
                        Choices.label(Messages.get("circuit.size"), slider),
                        slider,
                        field,
                        all,
                        Choices.label(Messages.get("circuit.growth"), growth),
                        growth);
    }

    /** What would not be a number is not typed. */
    private static TextFormatter.Change digitsOnly(TextFormatter.Change change) {
        if (!change.getControlNewText().matches("\\d{0," + DIGITS + "}")) {
            change.setText("");
            change.setRange(change.getRangeStart(), change.getRangeStart());
        }
        return change;
    }

    private int all() {
        CircuitStudy study = circuit.studyProperty().get();
        return study == null ? 0 : study.size();
    }

    private void slid(double share) {
        if (!following && all() > 0) {
            circuit.sizeProperty().set((int) Math.round(Math.expm1(share * Math.log1p(all()))));
        }
    }

    private void follow() {
        following = true;
        int size = circuit.sizeProperty().get();
        if (all() > 0 && !slider.isValueChanging()) {
            slider.setValue(Math.log1p(size) / Math.log1p(all()));
        }
        field.setText(Integer.toString(size));
        following = false;
    }

    private void typed() {
        if (all() > 0 && !field.getText().isEmpty()) {
            circuit.sizeProperty().set(Math.min(all(), Integer.parseInt(field.getText())));
        }
        follow();
    }

    private void stepped(KeyEvent event) {
        int direction =
                switch (event.getCode()) {
                    case RIGHT, KP_RIGHT, UP, KP_UP -> 1;
                    case LEFT, KP_LEFT, DOWN, KP_DOWN -> -1;
                    default -> 0;
                };
        if (direction != 0) {
            circuit.step(direction);
            event.consume();
        }
    }
}
