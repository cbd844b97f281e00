package org.headscope.app.lensview;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.headscope.analysis.reading.LogitLens;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Result;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.panel.Take;
import org.headscope.app.picture.Sight;
import org.headscope.app.text.Messages;

/** What can be taken out of the lens view. A tuned lens is trained once more for it, with the same seed. */
final class LensTakes {
    private final LensViewModel model;

    LensTakes(LensViewModel model) {
        this.model = model;
    }

    /** Layers by positions, as they are coloured. */
    Optional<Take> map() {
        String shown = title(model.picture().shadeProperty().get());
        return model.call()
                .map(call -> Take.ofGrid(
                        shown, call, result -> Sight.whole(result.panel(shown).orElseThrow())));
    }

    /** The token that is looked for, over all layers at the pinned position. */
    Optional<Take> curve() {
        GridCell pinned = model.picture().map().cursorProperty().get();
        String title = model.picture().curve().yTitleProperty().get();
        return pinned == null
                ? Optional.empty()
                : model.call()
                        .map(call ->
                                Take.of(title, call, result -> Sight.whole(curve(title, result, pinned.column()))));
    }

    private static String title(Shade shade) {
        return switch (shade) {
            case PROBABILITY -> LogitLens.LIKELIEST;
            case TARGET -> LogitLens.PROBABILITY;
            case RANK -> LogitLens.RANK;
            case ENTROPY -> LogitLens.ENTROPY;
            case DIVERGENCE -> LogitLens.DIVERGENCE;
        };
    }

    private static Curve curve(String title, Result result, int position) {
        GridPanel all = (GridPanel) result.panel(LogitLens.PROBABILITY).orElseThrow();
        Axis streams = all.grid().axes().get(0);
        List<Double> rows =
                IntStream.range(0, streams.size()).mapToObj(row -> (double) row).toList();
        List<Double> values = IntStream.range(0, streams.size())
                .mapToObj(row -> all.grid().at(row, position))
                .toList();
        String token = all.grid().axes().get(1).label(position);
        return new Curve(
                title,
                Quantity.unsigned(Messages.get("lens.save.streams"), ""),
                all.quantity(),
                List.of(new Curve.Line(
                        Messages.get("lens.save.position", Integer.toString(position), token), rows, values)));
    }
}
