package org.headscope.app.control.scatter;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;

/** Points to look at and to select; which are selected is decided by whoever listens. */
public final class ScatterModel {
    /** No point. */
    public static final int NONE = -1;

    private final ObjectProperty<List<ScatterPoint>> points = new SimpleObjectProperty<>(this, "points", List.of());
    private final ObjectProperty<Set<Integer>> selected = new SimpleObjectProperty<>(this, "selected", Set.of());
    private final ObjectProperty<Set<Integer>> outlined = new SimpleObjectProperty<>(this, "outlined", Set.of());
    private final IntegerProperty cursor = new SimpleIntegerProperty(this, "cursor", NONE);
    private final StringProperty xTitle = new SimpleStringProperty(this, "xTitle", "");
    private final StringProperty yTitle = new SimpleStringProperty(this, "yTitle", "");
    private final ObjectProperty<BiConsumer<Set<Integer>, Integer>> onSelected =
            new SimpleObjectProperty<>(this, "onSelected", (which, lead) -> {});
    private final ObjectProperty<IntConsumer> onOpened = new SimpleObjectProperty<>(this, "onOpened", which -> {});

    public ScatterModel() {
        points.subscribe(now -> {
            if (cursor.get() >= now.size()) {
                cursor.set(NONE);
            }
        });
    }

    /** What is drawn, replaced as a whole. */
    public ObjectProperty<List<ScatterPoint>> pointsProperty() {
        return points;
    }

    /** Indices of the selected points. */
    public ObjectProperty<Set<Integer>> selectedProperty() {
        return selected;
    }

    /** Indices of points to point out, such as those that meet a condition. */
    public ObjectProperty<Set<Integer>> outlinedProperty() {
        return outlined;
    }

    /** The point that keys act on, {@link #NONE} for none. */
    public IntegerProperty cursorProperty() {
        return cursor;
    }

    public StringProperty xTitleProperty() {
        return xTitle;
    }

    public StringProperty yTitleProperty() {
        return yTitle;
    }

    /** Told which points are wanted as the selection, and which of them was touched last ({@link #NONE} for none). */
    public ObjectProperty<BiConsumer<Set<Integer>, Integer>> onSelectedProperty() {
        return onSelected;
    }

    /** Told of a point that was double-clicked, or on which Enter was pressed. */
    public ObjectProperty<IntConsumer> onOpenedProperty() {
        return onOpened;
    }

    /** Selects one point; extending keeps those that were selected and drops it when it was one of them. */
    public void pick(int point, boolean extend) {
        Set<Integer> now = new TreeSet<>(extend ? selected.get() : Set.of());
        boolean added = now.add(point);
        if (!added) {
            now.remove(point);
        }
        cursor.set(point);
        onSelected.get().accept(now, added ? point : NONE);
    }

    /** Selects what lies in a range of both numbers. */
    public void pickWithin(double fromX, double toX, double fromY, double toY) {
        Set<Integer> inside = new TreeSet<>();
        List<ScatterPoint> all = points.get();
        for (int i = 0; i < all.size(); i++) {
            ScatterPoint point = all.get(i);
            if (point.x() >= fromX && point.x() <= toX && point.y() >= fromY && point.y() <= toY) {
                inside.add(i);
            }
        }
        onSelected.get().accept(inside, inside.stream().findFirst().orElse(NONE));
    }

    /** Opens the point under the cursor. */
    public void open() {
        if (cursor.get() != NONE) {
            onOpened.get().accept(cursor.get());
        }
    }

    /**
     * Goes to the next point along an axis and selects it.
     *
     * @param along whether across, not up
     * @param by how many points
     * @param extend whether those selected stay so
     */
    public void move(boolean along, int by, boolean extend) {
        if (points.get().isEmpty()) {
            return;
        }
        List<Integer> order = IntStream.range(0, points.get().size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) ->
                        along ? points.get().get(i).x() : points.get().get(i).y()))
                .toList();
        int now = order.indexOf(cursor.get());
        int next = order.get(Math.max(0, Math.min(order.size() - 1, now + (now < 0 ? 1 : by))));
        if (extend && selected.get().contains(next)) {
            cursor.set(next);
        } else {
            pick(next, extend);
        }
    }

    /** @return a point in words: its name and both numbers */
    public String describe(int point) {
        ScatterPoint described = points.get().get(point);
        return Messages.get(
                "scatter.described",
                described.name(),
                xTitle.get(),
                Ticks.format(described.x()),
                yTitle.get(),
                Ticks.format(described.y()));
    }
}
