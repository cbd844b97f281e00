package org.headscope.app.explore;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.collections.ObservableList;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.text.Messages;

/**
 * One candidate before and under the mask: its probability, and its logit over that of the likeliest other one. The others
 * share their softmax, so the difference of two logits is the logarithm of the ratio of the probabilities.
 */
public final class FollowedToken {
    /** Nothing chosen: the likeliest one is followed. */
    static final int NONE = -1;

    private final ObservableList<PredictionRow> rows;
    private final IntegerProperty id = new SimpleIntegerProperty(this, "id", NONE);
    private final ReadOnlyStringWrapper words = new ReadOnlyStringWrapper(this, "words", "");

    FollowedToken(ObservableList<PredictionRow> rows) {
        this.rows = rows;
        rows.subscribe(this::refresh);
        id.subscribe(this::refresh);
    }

    /** The token id that is followed; one that is no candidate gives way to the likeliest. */
    public IntegerProperty idProperty() {
        return id;
    }

    public ReadOnlyStringProperty wordsProperty() {
        return words.getReadOnlyProperty();
    }

    /** Rows are ordered by the probability before. */
    private void refresh() {
        Optional<PredictionRow> own = row();
        Optional<PredictionRow> other = own.flatMap(token ->
                List.copyOf(rows).stream().filter(row -> row.id() != token.id()).findFirst());
        words.set(own.isEmpty() || other.isEmpty() ? "" : words(own.get(), other.get()));
    }

    Optional<PredictionRow> row() {
        return List.copyOf(rows).stream()
                .filter(row -> row.id() == id.get())
                .findFirst()
                .or(() -> List.copyOf(rows).stream().findFirst());
    }

    private static String words(PredictionRow token, PredictionRow other) {
        double before = Math.log(token.before() / other.before());
        double after = Math.log(token.after() / other.after());
        return Messages.get(
                "explore.followed",
                VisibleText.of(token.text()),
                Ticks.format(token.before()),
                Ticks.format(token.after()),
                VisibleText.of(other.text()),
                Ticks.format(before),
                Ticks.format(after),
                Ticks.signed(after - before));
    }
}
