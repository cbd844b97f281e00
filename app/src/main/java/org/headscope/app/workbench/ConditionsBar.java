package org.headscope.app.workbench;

import javafx.beans.binding.Bindings;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.TextFormatter;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.util.converter.LongStringConverter;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** What holds around a run that starts now: the mask, in words, and the seed. */
public final class ConditionsBar extends HBox {
    private static final int DIGITS = 18;

    /** @param bench has them */
    public ConditionsBar(Workbench bench) {
        getStyleClass().addAll("row", "conditions");
        TextField seed = new TextField();
        seed.setId("seed");
        seed.setPrefColumnCount(5);
        seed.setTooltip(new Tooltip(Messages.get("run.seed.help")));
        TextFormatter<Long> number = new TextFormatter<>(
                new LongStringConverter(), bench.seedProperty().get(), ConditionsBar::digitsOnly);
        seed.setTextFormatter(number);
        number.valueProperty().subscribe(value -> {
            if (value != null) {
                bench.seedProperty().set(value);
            }
        });
        bench.seedProperty().subscribe(value -> number.setValue(value.longValue()));
        Label mask = new Label();
        mask.setId("mask-holds");
        mask.getStyleClass().add("muted");
        mask.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> words(bench.maskProperty().get()), bench.maskProperty()));
        getChildren().addAll(Choices.label(Messages.get("run.seed"), seed), seed, mask);
    }

    /** What would not be a number is not typed. */
    private static TextFormatter.Change digitsOnly(TextFormatter.Change change) {
        if (!change.getControlNewText().matches("-?\\d{0," + DIGITS + "}")) {
            change.setText("");
            change.setRange(change.getRangeStart(), change.getRangeStart());
        }
        return change;
    }

    private static String words(@Nullable HeadMask mask) {
        return mask == null || mask.isEmpty()
                ? Messages.get("run.mask.none")
                : Messages.get("run.mask.holds", Integer.toString(mask.size()), mask.modeLabel());
    }
}
