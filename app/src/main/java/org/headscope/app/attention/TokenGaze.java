package org.headscope.app.attention;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeatMapModel;
import org.headscope.app.control.token.TokenShades;
import org.headscope.app.control.token.TokenStripModel;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/**
 * One token of the prompt and how it and the others look at each other. The token is the locked one, else the one under the
 * mouse, in the strip or in the map, else the one selected by keys.
 */
public final class TokenGaze {
    private static final int MENTIONED = 3;
    private static final double WORTH_MENTIONING = 0.005;

    /** Which end of attention the token is. */
    public enum Direction {
        /** The token asks: how much it looks at each other one. */
        FROM,
        /** The token is asked: how much each other one looks at it. */
        TO
    }

    private final HeatMapModel map;
    private final TokenStripModel strip = new TokenStripModel();
    private final ObjectProperty<Direction> direction = new SimpleObjectProperty<>(this, "direction", Direction.FROM);
    private final ReadOnlyStringWrapper words = new ReadOnlyStringWrapper(this, "words", "");
    private @Nullable HeadPattern pattern;
    private int skipped;

    TokenGaze(HeatMapModel map) {
        this.map = map;
        strip.shadedProperty().set(true);
        strip.onChosenProperty().set(this::lock);
        strip.hoveredProperty().subscribe(this::refresh);
        strip.selectedProperty().subscribe(this::refresh);
        strip.lockedProperty().subscribe(this::refresh);
        direction.subscribe(this::refresh);
        map.hoveredProperty().subscribe(this::refresh);
    }

    /** The tokens, coloured by attention. */
    public TokenStripModel strip() {
        return strip;
    }

    public ObjectProperty<Direction> directionProperty() {
        return direction;
    }

    /** The strongest of the numbers in words. */
    public ReadOnlyStringProperty wordsProperty() {
        return words.getReadOnlyProperty();
    }

    /** Takes the pattern whose numbers are shown, and how many keys are left out at the start. */
    void show(@Nullable HeadPattern now, int newSkipped) {
        pattern = now;
        skipped = newSkipped;
        refresh();
    }

    /** Locks a token, or lets it go when it is locked. */
    private void lock(int position) {
        strip.lockedProperty().set(strip.lockedProperty().get() == position ? TokenStripModel.NONE : position);
    }

    private int focus() {
        if (strip.lockedProperty().get() != TokenStripModel.NONE) {
            return strip.lockedProperty().get();
        }
        if (strip.hoveredProperty().get() != TokenStripModel.NONE) {
            return strip.hoveredProperty().get();
        }
        GridCell cell = map.hoveredProperty().get();
        if (cell != null) {
            return direction.get() == Direction.FROM ? cell.row() : cell.column();
        }
        return strip.selectedProperty().get();
    }

    private void refresh() {
        HeadPattern now = pattern;
        int focus = focus();
        int tokens = strip.tokensProperty().get().size();
        if (now == null || focus < 0 || focus >= tokens || now.values().rows() != tokens) {
            strip.shadesProperty().set(null);
            words.set(Messages.get("attention.gaze.hint"));
            return;
        }
        float[] numbers = numbers(now.values(), focus);
        double most = skipped == 0 || now.rest() == 0 ? 1 : now.rest();
        strip.shadesProperty().set(new TokenShades(numbers, ScaleKind.SEQUENTIAL, new ValueRange(0, most)));
        words.set(words(now.values(), focus, numbers));
    }

    /** One per position; none for those that cannot be seen and those left out. */
    private float[] numbers(GridValues all, int focus) {
        float[] numbers = new float[all.rows()];
        Arrays.fill(numbers, Float.NaN);
        for (int other = 0; other < numbers.length; other++) {
            int query = direction.get() == Direction.FROM ? focus : other;
            int key = direction.get() == Direction.FROM ? other : focus;
            float number = all.get(query, key);
            if (key >= skipped && (key <= query || number != 0)) {
                numbers[other] = number;
            }
        }
        return numbers;
    }

    private String words(GridValues all, int focus, float[] numbers) {
        if (direction.get() == Direction.TO) {
            return focus < skipped
                    ? Messages.get("attention.gaze.out")
                    : Messages.get("attention.gaze.to", place(focus), strongest(numbers));
        }
        String looks = Messages.get("attention.gaze.from", place(focus), strongest(numbers));
        return skipped == 0
                ? looks
                : looks + " " + Messages.get("attention.gaze.leftOut", Ticks.format(all.get(focus, 0)));
    }

    private String strongest(float[] numbers) {
        String list = IntStream.range(0, numbers.length)
                .filter(position -> numbers[position] >= WORTH_MENTIONING)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer position) -> -numbers[position]))
                .limit(MENTIONED)
                .map(position -> Messages.get("attention.gaze.one", place(position), Ticks.format(numbers[position])))
                .collect(Collectors.joining(", "));
        return list.isEmpty() ? Messages.get("attention.gaze.none") : list;
    }

    private String place(int position) {
        return Messages.get(
                "grid.named",
                Integer.toString(position),
                VisibleText.of(strip.tokensProperty().get().get(position)));
    }
}
