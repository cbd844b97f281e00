package org.headscope.app.workbench;

import java.util.List;
import java.util.function.Function;
import javafx.beans.property.Property;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;

/**
 * A choice of few values as buttons side by side, one of which is always down.
 *
 * @param <T> what is chosen from
 */
public final class Segments<T> extends HBox {
    private final ToggleGroup group = new ToggleGroup();

    /**
     * @param values what can be chosen, at least two
     * @param words how a value is shown
     * @param chosen what is chosen
     */
    public Segments(List<T> values, Function<T, String> words, Property<T> chosen) {
        getStyleClass().add("segments");
        for (int i = 0; i < values.size(); i++) {
            T value = values.get(i);
            ToggleButton button = new ToggleButton(words.apply(value));
            button.getStyleClass().add(place(i, values.size()));
            button.setMinWidth(USE_PREF_SIZE);
            button.setUserData(value);
            button.setToggleGroup(group);
            button.setOnAction(event -> {
                chosen.setValue(value);
                select(chosen.getValue()); // a second click must not leave nothing chosen
            });
            getChildren().add(button);
        }
        chosen.subscribe(this::select);
    }

    private void select(T value) {
        group.getToggles().stream()
                .filter(toggle -> value.equals(toggle.getUserData()))
                .forEach(group::selectToggle);
    }

    private static String place(int index, int count) {
        return index == 0 ? "left-pill" : index == count - 1 ? "right-pill" : "center-pill";
    }
}
