package org.headscope.app.form;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.headscope.analysis.spi.ParameterSpec;
import org.headscope.analysis.spi.ParameterType;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ErrorLabel;

/** A form with a row for each field: its label, a control that fits its type, and what was wrong with it. */
public final class ParameterForm extends GridPane {
    /** Written in capitals, as the field does. */
    private static final Set<String> ABBREVIATIONS =
            Set.of("eap", "ig", "kl", "mlp", "ov", "qk", "bos", "svd", "dla", "acdc");

    /** @param fields what to ask for, in this order */
    public ParameterForm(List<FormField> fields) {
        getStyleClass().add("parameter-form");
        ColumnConstraints names = new ColumnConstraints();
        names.setMinWidth(USE_PREF_SIZE);
        ColumnConstraints controls = new ColumnConstraints();
        controls.setHgrow(Priority.ALWAYS);
        controls.setFillWidth(true);
        getColumnConstraints().addAll(names, controls);
        for (int row = 0; row < fields.size(); row++) {
            add(fields.get(row), row);
        }
    }

    private void add(FormField field, int row) {
        ParameterSpec spec = field.spec();
        Control control = control(field);
        control.setId("param-" + spec.flag());
        control.setTooltip(new Tooltip(spec.help()));
        String unit = spec.unit().isEmpty() ? "" : " (" + spec.unit() + ")";
        Label label = Choices.label(spec.label() + unit, control);
        label.setTooltip(new Tooltip(spec.help()));
        Node cell = new VBox(control, new ErrorLabel(field.errorProperty()));
        addRow(row, label, cell);
    }

    private static Control control(FormField field) {
        ParameterSpec spec = field.spec();
        if (spec.type() == ParameterType.CHOICE) {
            Control box = Choices.of(spec.choices(), ParameterForm::words, field.textProperty());
            box.setMaxWidth(Double.MAX_VALUE);
            return box;
        }
        if (spec.type() == ParameterType.BOOLEAN) {
            CheckBox box = new CheckBox();
            box.setSelected(Boolean.parseBoolean(field.textProperty().get()));
            box.selectedProperty().subscribe(now -> field.textProperty().set(Boolean.toString(now)));
            field.textProperty().subscribe(now -> box.setSelected(Boolean.parseBoolean(now)));
            return box;
        }
        TextField text = new TextField();
        text.setPromptText(spec.allowed());
        text.textProperty().bindBidirectional(field.textProperty());
        return text;
    }

    /** Choices are declared as they are typed: {@code resid-pre}. */
    static String words(String choice) {
        String plain = Arrays.stream(choice.split("[-_]"))
                .map(word -> ABBREVIATIONS.contains(word) ? word.toUpperCase(Locale.ROOT) : word)
                .collect(Collectors.joining(" "));
        return plain.isEmpty() ? plain : plain.substring(0, 1).toUpperCase(Locale.ROOT) + plain.substring(1);
    }
}
