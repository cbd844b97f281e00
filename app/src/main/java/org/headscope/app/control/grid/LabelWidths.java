package org.headscope.app.control.grid;

import java.util.List;
import javafx.scene.text.Font;
import org.headscope.app.control.TextMetrics;
import org.jspecify.annotations.Nullable;

/**
 * How wide the widest labels of a grid are, in sight or not, so that the cells keep their place while a long one is moved
 * about. Measured once: thousands of labels in every frame would be felt.
 */
final class LabelWidths {
    private static final int MEASURED = 64;
    private final GridModel model;
    private @Nullable Font font;
    private double rows = Double.NaN;
    private double columns = Double.NaN;

    LabelWidths(GridModel model) {
        this.model = model;
        model.rowLabels().subscribe(() -> rows = Double.NaN);
        model.columnLabels().subscribe(() -> columns = Double.NaN);
        model.valuesProperty().subscribe((before, now) -> {
            if (before.rows() != now.rows() || before.columns() != now.columns()) {
                forget();
            }
        });
    }

    private void forget() {
        rows = Double.NaN;
        columns = Double.NaN;
    }

    /** Takes the type of the labels. */
    LabelWidths in(Font now) {
        if (!now.equals(font)) {
            font = now;
            forget();
        }
        return this;
    }

    double rows() {
        if (Double.isNaN(rows)) {
            rows = widest(model.rowLabels(), model.values().rows());
        }
        return rows;
    }

    double columns() {
        if (Double.isNaN(columns)) {
            columns = widest(model.columnLabels(), model.values().columns());
        }
        return columns;
    }

    /** Measures the labels with the most characters; entries without a label are shown by their number. */
    private double widest(List<String> labels, int count) {
        TextMetrics metrics = new TextMetrics(font == null ? Font.getDefault() : font);
        double numbers = count > labels.size() ? metrics.width(Integer.toString(count - 1)) : 0;
        return labels.stream()
                .map(GridRoom::shortened)
                .distinct()
                .sorted((one, other) -> other.length() - one.length())
                .limit(MEASURED)
                .mapToDouble(metrics::width)
                .reduce(numbers, Math::max);
    }
}
