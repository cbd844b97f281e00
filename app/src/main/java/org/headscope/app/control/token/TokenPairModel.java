package org.headscope.app.control.token;

import java.util.List;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.app.text.Messages;

/** Two token sequences, one above the other, aligned. */
public final class TokenPairModel {
    /** No column selected. */
    public static final int NONE = -1;

    private final ObjectProperty<Pair> pair = new SimpleObjectProperty<>(this, "pair", Pair.EMPTY);
    private final IntegerProperty selected = new SimpleIntegerProperty(this, "selected", NONE);

    /**
     * One place of the alignment.
     *
     * @param upper position in the upper sequence, negative where it has no token
     * @param lower position in the lower sequence, negative where it has no token
     * @param differs whether the two tokens are not the same
     */
    public record Column(int upper, int lower, boolean differs) {}

    /**
     * Both sequences.
     *
     * @param upper tokens above
     * @param lower tokens below
     * @param columns how they stand against each other
     */
    public record Pair(List<String> upper, List<String> lower, List<Column> columns) {
        /** Nothing. */
        public static final Pair EMPTY = new Pair(List.of(), List.of(), List.of());

        /** Copies the lists. */
        public Pair {
            upper = List.copyOf(upper);
            lower = List.copyOf(lower);
            columns = List.copyOf(columns);
        }
    }

    public TokenPairModel() {
        pair.subscribe((before, now) -> selected.set(NONE));
    }

    /** What is shown, replaced as a whole. */
    public ObjectProperty<Pair> pairProperty() {
        return pair;
    }

    /** The selected column, {@link #NONE} when none is. */
    public IntegerProperty selectedProperty() {
        return selected;
    }

    /** Moves the selection, staying inside. */
    public void move(int by) {
        int last = pair.get().columns().size() - 1;
        if (last >= 0) {
            selected.set(Math.max(0, Math.min(last, selected.get() + by)));
        }
    }

    /** @return a column in words */
    public String describe(int column) {
        Column at = pair.get().columns().get(column);
        return Messages.get(
                "tokens.pair",
                place(pair.get().upper(), at.upper()),
                place(pair.get().lower(), at.lower()));
    }

    private static String place(List<String> tokens, int position) {
        return position < 0
                ? Messages.get("tokens.pair.gap")
                : Messages.get("grid.named", Integer.toString(position), VisibleText.of(tokens.get(position)));
    }
}
