package org.headscope.app.workbench;

import java.util.List;
import java.util.function.Function;
import javafx.beans.property.Property;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;
import javafx.util.StringConverter;
import org.headscope.app.text.Messages;
import org.headscope.hooks.tokens.BosPolicy;
import org.jspecify.annotations.Nullable;

/** Drop-down lists. */
public final class Choices {
    private Choices() {}

    /**
     * Makes a list that follows a property and sets it.
     *
     * @param values what there is to choose from
     * @param words how each is called
     * @param chosen what is chosen
     */
    public static <T> ComboBox<T> of(List<T> values, Function<T, String> words, Property<T> chosen) {
        ComboBox<T> box = new ComboBox<>();
        box.setConverter(new Words<>(words));
        box.getItems().setAll(values);
        box.valueProperty().bindBidirectional(chosen);
        return box;
    }

    /** Puts a label in front of a control and ties the two together for those who cannot see it. */
    public static Label label(String text, Control control) {
        Label label = new Label(text);
        label.setLabelFor(control);
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    /** @return a policy in words */
    public static String words(BosPolicy policy) {
        return switch (policy) {
            case AUTO -> Messages.get("workbench.bos.auto");
            case ALWAYS -> Messages.get("workbench.bos.always");
            case NEVER -> Messages.get("workbench.bos.never");
        };
    }

    private static final class Words<T> extends StringConverter<T> {
        private final Function<T, String> words;

        private Words(Function<T, String> words) {
            this.words = words;
        }

        @Override
        public String toString(@Nullable T value) {
            return value == null ? "" : words.apply(value);
        }

        @Override
        public T fromString(String text) {
            throw new UnsupportedOperationException("the list is not typed into");
        }
    }
}
