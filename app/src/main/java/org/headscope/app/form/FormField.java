package org.headscope.app.form;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.analysis.spi.ParameterSpec;

/** One parameter as it is filled in. */
public final class FormField {
    private final ParameterSpec spec;
    private final StringProperty text;
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");

    FormField(ParameterSpec spec) {
        this.spec = spec;
        String usual = spec.defaultText();
        this.text = new SimpleStringProperty(this, "text", usual == null ? "" : usual);
        text.subscribe((before, now) -> error.set(""));
    }

    public ParameterSpec spec() {
        return spec;
    }

    /** What was typed, as a command line would give it. */
    public StringProperty textProperty() {
        return text;
    }

    /** Why it was not taken, empty when it was or was not asked. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    void refuse(String why) {
        error.set(why);
    }

    /** An empty field is one that was left out; the default then stands in its own right. */
    boolean given() {
        return !text.get().isEmpty() && !text.get().equals(spec.defaultText());
    }
}
