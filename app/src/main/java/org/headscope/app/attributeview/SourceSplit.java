package org.headscope.app.attributeview;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.control.token.TokenShades;
import org.headscope.app.control.token.TokenStripModel;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** What one head contributes, by the token that it brings it from. */
public final class SourceSplit {
    private static final double SMALLEST_EXTENT = 1e-6;
    private final TokenStripModel tokens = new TokenStripModel();
    private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper(this, "title", "");
    private final ReadOnlyStringWrapper sum = new ReadOnlyStringWrapper(this, "sum", "");

    /** The tokens that the position sees, each with what the head brings from it. */
    public TokenStripModel tokens() {
        return tokens;
    }

    /** Which head, and what it contributes in all. */
    public ReadOnlyStringProperty titleProperty() {
        return title.getReadOnlyProperty();
    }

    /** What the sources add up to, or why there are none. */
    public ReadOnlyStringProperty sumProperty() {
        return sum.getReadOnlyProperty();
    }

    SourceSplit() {
        tokens.shadedProperty().set(true);
    }

    void show(@Nullable Attribution found, @Nullable MaskUnit head) {
        if (found == null || head == null || head.kind() != MaskUnit.Kind.HEAD) {
            tokens.shadesProperty().set(null);
            tokens.tokensProperty().set(List.of());
            title.set("");
            sum.set("");
            return;
        }
        double[] values = IntStream.range(0, found.sources().shape()[1])
                .mapToDouble(source -> found.sources().at(head.layer(), source, head.head()))
                .toArray();
        double whole = found.heads().grid().at(head.layer(), head.head());
        double added = DoubleStream.of(values).sum();
        tokens.shadesProperty().set(null);
        tokens.tokensProperty().set(found.seen());
        tokens.shadesProperty().set(shades(values));
        title.set(Messages.get("attribute.sources", head.label(), Ticks.format(whole)));
        sum.set(
                Double.isNaN(added)
                        ? Messages.get("attribute.sources.none")
                        : Messages.get("attribute.sources.sum", Ticks.format(added), Ticks.format(whole)));
    }

    /** What speaks for the answer and what against it, with nothing in the middle. */
    private static TokenShades shades(double[] values) {
        float[] numbers = new float[values.length];
        double extent = SMALLEST_EXTENT;
        for (int i = 0; i < values.length; i++) {
            numbers[i] = (float) values[i];
            extent = Double.isNaN(values[i]) ? extent : Math.max(extent, Math.abs(values[i]));
        }
        return new TokenShades(numbers, ScaleKind.DIVERGING, new ValueRange(-extent, extent));
    }
}
