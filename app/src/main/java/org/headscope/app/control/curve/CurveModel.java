package org.headscope.app.control.curve;

import java.util.List;
import java.util.function.DoubleConsumer;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** A curve, and a place on it that is marked. Needs no toolkit. */
public final class CurveModel {
    private static final double HEADROOM = 0.04;
    private final ObjectProperty<CurveLine> line = new SimpleObjectProperty<>(this, "line", CurveLine.NONE);
    private final ObjectProperty<List<String>> names = new SimpleObjectProperty<>(this, "names", List.of());
    private final ObjectProperty<@Nullable Mark> mark = new SimpleObjectProperty<>(this, "mark");
    private final StringProperty xTitle = new SimpleStringProperty(this, "xTitle", "");
    private final StringProperty yTitle = new SimpleStringProperty(this, "yTitle", "");
    private final BooleanProperty logarithmic = new SimpleBooleanProperty(this, "logarithmic");
    private DoubleConsumer onChosen = x -> {};

    /**
     * The place that is marked.
     *
     * @param x where
     * @param y how high; NaN while that is not known
     */
    public record Mark(double x, double y) {}

    public ObjectProperty<CurveLine> lineProperty() {
        return line;
    }

    /** Names of the places 0, 1, 2 and so on, where they have names. */
    public ObjectProperty<List<String>> namesProperty() {
        return names;
    }

    public ObjectProperty<@Nullable Mark> markProperty() {
        return mark;
    }

    public StringProperty xTitleProperty() {
        return xTitle;
    }

    public StringProperty yTitleProperty() {
        return yTitle;
    }

    /** Whether counts run along, from few to very many; zero keeps its place. */
    public BooleanProperty logarithmicProperty() {
        return logarithmic;
    }

    /** @param action told the place of a point that was clicked, or reached with the arrow keys */
    public void setOnChosen(DoubleConsumer action) {
        onChosen = action;
    }

    /** Tells that a place was chosen. */
    public void choose(double x) {
        onChosen.accept(x);
    }

    /** Chooses the next point to the right, or to the left for -1, of the mark. */
    public void step(int direction) {
        List<Double> places = line.get().x();
        Mark now = mark.get();
        if (places.isEmpty()) {
            return;
        }
        if (now == null) {
            choose(places.get(0));
            return;
        }
        places.stream()
                .filter(x -> (x - now.x()) * direction > 1e-9)
                .min((one, other) -> Double.compare(Math.abs(one - now.x()), Math.abs(other - now.x())))
                .ifPresent(this::choose);
    }

    double along(double x) {
        return logarithmic.get() ? Math.log1p(x) : x;
    }

    ValueRange across() {
        List<Double> x = line.get().x();
        double low = x.stream().mapToDouble(this::along).min().orElse(0);
        double high = x.stream().mapToDouble(this::along).max().orElse(1);
        return high > low ? new ValueRange(low, high) : new ValueRange(low - 0.5, low + 0.5);
    }

    /** Zero is always in sight. */
    ValueRange upright() {
        CurveLine now = line.get();
        double[] all = Stream.of(now.y(), now.lower(), now.upper())
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .filter(Double::isFinite)
                .toArray();
        double low = Math.min(0, DoubleStream.of(all).min().orElse(0));
        double high = Math.max(0, DoubleStream.of(all).max().orElse(1));
        double span = high > low ? high - low : 1;
        return new ValueRange(low < 0 ? low - span * HEADROOM : 0, (high > low ? high : 1) + span * HEADROOM);
    }

    String name(double x) {
        int index = (int) Math.round(x);
        boolean named = index == x && index >= 0 && index < names.get().size();
        return named ? names.get().get(index) : Ticks.format(x);
    }

    /** @return the point at a place in words, empty when there is none */
    public String describe(double x) {
        CurveLine now = line.get();
        return IntStream.range(0, now.x().size())
                .filter(i -> now.x().get(i) == x)
                .mapToObj(i -> Messages.get(
                        "curve.point",
                        xTitle.get(),
                        name(x),
                        yTitle.get(),
                        Ticks.format(now.y().get(i))))
                .findFirst()
                .orElse("");
    }

    /** The whole in words, for people who hear the window. */
    public String summary() {
        Mark at = mark.get();
        String marked = at == null
                ? Messages.get("curve.noMark")
                : Messages.get("curve.point", xTitle.get(), name(at.x()), yTitle.get(), Ticks.format(at.y()));
        return Messages.get("curve.accessible", Integer.toString(line.get().x().size()), marked);
    }
}
