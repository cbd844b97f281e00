package org.headscope.app.control.token;

import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** A prompt's tokens and the position that is looked at. */
public final class TokenStripModel {
    /** No position selected. */
    public static final int NONE = -1;

    private final ObjectProperty<List<String>> tokens = new SimpleObjectProperty<>(this, "tokens", List.of());
    private final IntegerProperty selected = new SimpleIntegerProperty(this, "selected", NONE);
    private final ObjectProperty<Set<Integer>> marked = new SimpleObjectProperty<>(this, "marked", Set.of());
    private final ObjectProperty<List<Double>> values = new SimpleObjectProperty<>(this, "values", List.of());
    private final ObjectProperty<@Nullable IntConsumer> onChosen = new SimpleObjectProperty<>(this, "onChosen");

    public TokenStripModel() {
        tokens.subscribe(now -> {
            if (selected.get() >= now.size()) {
                selected.set(NONE);
            }
        });
    }

    /** The texts of the tokens, replaced as a whole. */
    public ObjectProperty<List<String>> tokensProperty() {
        return tokens;
    }

    /** The selected position, {@link #NONE} when none is. */
    public IntegerProperty selectedProperty() {
        return selected;
    }

    /** Positions to point out, such as those where two prompts differ. */
    public ObjectProperty<Set<Integer>> markedProperty() {
        return marked;
    }

    /** A signed number for each token, NaN where there is none; empty, the usual case, for tokens without numbers. */
    public ObjectProperty<List<Double>> valuesProperty() {
        return values;
    }

    /** @return the number of a token, NaN when it has none */
    public double value(int position) {
        return position < values.get().size() ? values.get().get(position) : Double.NaN;
    }

    /** Called when a token is clicked or Enter is pressed on it. */
    public ObjectProperty<@Nullable IntConsumer> onChosenProperty() {
        return onChosen;
    }

    /** Selects a position that exists; others are ignored. */
    public void select(int position) {
        if (position >= 0 && position < tokens.get().size()) {
            selected.set(position);
        }
    }

    /** Moves the selection, staying inside; without one it goes to the first token. */
    public void move(int by) {
        select(selected.get() == NONE ? 0 : Math.max(0, Math.min(tokens.get().size() - 1, selected.get() + by)));
    }

    /** Tells whoever wants to know that a position was chosen. */
    public void choose(int position) {
        select(position);
        IntConsumer action = onChosen.get();
        if (action != null && position >= 0 && position < tokens.get().size()) {
            action.accept(position);
        }
    }

    /** @return a token in words */
    public String describe(int position) {
        String token = Messages.get(
                "tokens.described",
                Integer.toString(position),
                VisibleText.of(tokens.get().get(position)));
        return values.get().isEmpty() ? token : token + ": " + Ticks.format(value(position));
    }
}
