package org.headscope.app.control.waterfall;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;

/** Steps that add up to a total, of which some can be opened to see their parts. */
public final class WaterfallModel {
    /** No row. */
    public static final int NONE = -1;
    /** More rows than this are not drawn: the step that was opened first is closed again. */
    private static final int MOST_ROWS = 400;

    private final ObjectProperty<List<WaterfallStep>> steps = new SimpleObjectProperty<>(this, "steps", List.of());
    private final StringProperty totalName = new SimpleStringProperty(this, "totalName", "");
    private final StringProperty unit = new SimpleStringProperty(this, "unit", "");
    private final ReadOnlyObjectWrapper<List<WaterfallRow>> rows = new ReadOnlyObjectWrapper<>(this, "rows", List.of());
    private final IntegerProperty cursor = new SimpleIntegerProperty(this, "cursor", NONE);
    private final ObjectProperty<Consumer<WaterfallRow>> onChosen =
            new SimpleObjectProperty<>(this, "onChosen", row -> {});
    private final Set<Integer> open = new LinkedHashSet<>();

    public WaterfallModel() {
        steps.subscribe(this::arrange);
        totalName.subscribe(this::arrange);
    }

    /** What adds up, in order; steps that were open stay so as long as they have parts. */
    public ObjectProperty<List<WaterfallStep>> stepsProperty() {
        return steps;
    }

    /** What the sum is called. */
    public StringProperty totalNameProperty() {
        return totalName;
    }

    /** The unit of the numbers. */
    public StringProperty unitProperty() {
        return unit;
    }

    /** The bars in sight, from the first step to the total; empty without steps. */
    public ReadOnlyObjectProperty<List<WaterfallRow>> rowsProperty() {
        return rows.getReadOnlyProperty();
    }

    /** The row that keys act on, {@link #NONE} for none. */
    public IntegerProperty cursorProperty() {
        return cursor;
    }

    /** Told of a row that was clicked, or on which the cursor came to stand. */
    public ObjectProperty<Consumer<WaterfallRow>> onChosenProperty() {
        return onChosen;
    }

    /** @return the sum of all steps */
    public double total() {
        return steps.get().stream().mapToDouble(WaterfallStep::value).sum();
    }

    /** Moves the cursor, staying inside; down from nowhere leads to the first row. */
    public void move(int by) {
        if (!rows.get().isEmpty()) {
            choose(Math.max(0, Math.min(rows.get().size() - 1, cursor.get() + by)));
        }
    }

    /** Puts the cursor on a row. */
    public void choose(int row) {
        cursor.set(row);
        onChosen.get().accept(rows.get().get(row));
    }

    /** Opens or closes the step of the row under the cursor; a part leads to its step. */
    public void setOpen(boolean wanted) {
        if (cursor.get() == NONE) {
            return;
        }
        WaterfallRow row = rows.get().get(cursor.get());
        if (row.kind() == WaterfallRow.Kind.PART) {
            if (!wanted) {
                put(row.step());
            }
        } else if (row.kind() == (wanted ? WaterfallRow.Kind.CLOSED : WaterfallRow.Kind.OPEN)) {
            toggle(row.step());
        }
    }

    /** Opens a step with parts, or closes it. */
    public void toggle(int step) {
        if (step < steps.get().size() && !steps.get().get(step).parts().isEmpty()) {
            if (!open.remove(step)) {
                open.add(step);
            }
            arrange();
            put(step);
        }
    }

    private void put(int step) {
        for (int i = 0; i < rows.get().size(); i++) {
            if (rows.get().get(i).step() == step && rows.get().get(i).part() == WaterfallRow.WHOLE) {
                cursor.set(i);
            }
        }
    }

    private void arrange() {
        open.removeIf(step ->
                step >= steps.get().size() || steps.get().get(step).parts().isEmpty());
        List<WaterfallRow> fresh = all();
        while (fresh.size() > MOST_ROWS && open.size() > 1) {
            open.remove(open.iterator().next());
            fresh = all();
        }
        if (cursor.get() >= fresh.size()) {
            cursor.set(NONE);
        }
        rows.set(fresh);
    }

    private List<WaterfallRow> all() {
        List<WaterfallRow> all = new ArrayList<>();
        double sum = 0;
        for (int s = 0; s < steps.get().size(); s++) {
            WaterfallStep step = steps.get().get(s);
            WaterfallRow.Kind kind = step.parts().isEmpty()
                    ? WaterfallRow.Kind.STEP
                    : open.contains(s) ? WaterfallRow.Kind.OPEN : WaterfallRow.Kind.CLOSED;
            all.add(new WaterfallRow(s, WaterfallRow.WHOLE, step, sum, kind));
            if (kind == WaterfallRow.Kind.OPEN) {
                double within = sum;
                for (int p = 0; p < step.parts().size(); p++) {
                    all.add(new WaterfallRow(s, p, step.parts().get(p), within, WaterfallRow.Kind.PART));
                    within += step.parts().get(p).value();
                }
            }
            sum += step.value();
        }
        if (!all.isEmpty()) {
            WaterfallStep total = WaterfallStep.of(totalName.get(), sum);
            all.add(new WaterfallRow(steps.get().size(), WaterfallRow.WHOLE, total, 0, WaterfallRow.Kind.TOTAL));
        }
        return List.copyOf(all);
    }

    /** @return a row in words */
    public String describe(WaterfallRow row) {
        String value = Ticks.signed(row.shown().value()) + " " + unit.get();
        return switch (row.kind()) {
            case TOTAL -> Messages.get("waterfall.total", row.shown().name(), value);
            case STEP, PART -> Messages.get("waterfall.step", row.shown().name(), value, Ticks.format(row.to()));
            case CLOSED, OPEN ->
                Messages.get(
                        "waterfall.parts",
                        row.shown().name(),
                        value,
                        Ticks.format(row.to()),
                        Integer.toString(row.shown().parts().size()));
        };
    }
}
