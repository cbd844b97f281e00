package org.headscope.app.attributeview;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.TokenSeries;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.panel.Take;
import org.headscope.app.picture.Sight;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** What can be taken out of the view that takes a prediction apart. */
final class AttributionTakes {
    private final AttributeViewModel model;

    AttributionTakes(AttributeViewModel model) {
        this.model = model;
    }

    private Optional<Attribution> found() {
        return Optional.ofNullable(model.foundProperty().get());
    }

    /** What every head adds. */
    Optional<Take> heads() {
        return found().map(shown -> Take.of(Sight.whole(shown.heads()), List.of(shown.result())));
    }

    /** The bars in sight, with the sums before and with each. */
    Optional<Take> waterfall() {
        return found().map(shown -> Take.of(Sight.steps(bars()), List.of(shown.result())));
    }

    private Table bars() {
        String unit = model.waterfall().unitProperty().get();
        return new Table(
                model.askedProperty().get(),
                List.of(
                        Table.Column.text(Messages.get("attribute.table.part")),
                        Table.Column.number(Messages.get("attribute.table.adds"), unit),
                        Table.Column.number(Messages.get("attribute.table.from"), unit),
                        Table.Column.number(Messages.get("attribute.table.to"), unit)),
                model.waterfall().rowsProperty().get().stream()
                        .map(row ->
                                List.<Object>of(row.shown().name(), row.shown().value(), row.from(), row.to()))
                        .toList());
    }

    /** The head that is looked at, by source token. */
    Optional<Take> sources() {
        MaskUnit head = model.bench().headProperty().get();
        return found().filter(shown -> isHead(head)).map(shown -> {
            MaskUnit looked = Objects.requireNonNull(head);
            return Take.of(Sight.whole(sources(shown, looked)), List.of(shown.result()));
        });
    }

    private static boolean isHead(@Nullable MaskUnit head) {
        return head != null && head.kind() == MaskUnit.Kind.HEAD;
    }

    private static TokenSeries sources(Attribution shown, MaskUnit head) {
        Axis positions = shown.sources().axes().get(1);
        double[] values = IntStream.range(0, positions.size())
                .mapToDouble(source -> shown.sources().at(head.layer(), source, head.head()))
                .toArray();
        Axis series = Axis.labelled(Axis.SERIES, List.of(head.label()));
        return new TokenSeries(
                Messages.get("attribute.table.sources", head.label()),
                Quantity.signed(Messages.get("attribute.table.adds"), Messages.get("attribute.unit")),
                Grid.of(List.of(series, positions), values));
    }

    /** The prediction layer by layer. */
    Optional<Take> lens() {
        return found().map(shown -> Take.of(Sight.whole(layers(shown)), List.of(shown.lens())));
    }

    private static Table layers(Attribution shown) {
        String answer = VisibleText.of(shown.answer().text());
        String foil = VisibleText.of(shown.foil().text());
        return new Table(
                Messages.get("attribute.lens"),
                List.of(
                        Table.Column.text(Messages.get("attribute.lens.layer")),
                        Table.Column.number(Messages.get("attribute.table.probability", answer), ""),
                        Table.Column.integer(Messages.get("attribute.table.rank", answer)),
                        Table.Column.number(Messages.get("attribute.table.probability", foil), ""),
                        Table.Column.integer(Messages.get("attribute.table.rank", foil)),
                        Table.Column.text(Messages.get("attribute.lens.likeliest"))),
                shown.lensRows().stream().map(AttributionTakes::entries).toList());
    }

    private static List<Object> entries(LensRow row) {
        return List.of(
                row.layer(),
                row.answer().probability(),
                row.answer().rank(),
                row.foil().probability(),
                row.foil().rank(),
                LensTable.likeliest(row));
    }
}
