package org.headscope.app.lensview;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.RunSettings;

/** What can be taken out of the lens view. A tuned lens is trained once more for it, with the same seed. */
final class LensTakes {
    private final LensViewModel model;

    LensTakes(LensViewModel model) {
        this.model = model;
    }

    /** Layers by positions, as they are coloured. */
    Optional<Take> map() {
        String shown = title(model.picture().shadeProperty().get());
        return call().map(call -> Take.ofGrid(
                shown, call, result -> Sight.whole(result.panel(shown).orElseThrow())));
    }

    /** The token that is looked for, over all layers at the pinned position. */
    Optional<Take> curve() {
        GridCell pinned = model.picture().map().cursorProperty().get();
        String title = model.picture().curve().yTitleProperty().get();
        return pinned == null
                ? Optional.empty()
                : call().map(call ->
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

    /** Empty while nothing is read. */
    private Optional<AnalysisCall> call() {
        LiveRun run = model.bench().runProperty().get();
        if (run == null || model.picture().tableProperty().get() == null) {
            return Optional.empty();
        }
        boolean tuned = model.kindProperty().get() == LensKind.TUNED;
        Map<String, String> more = new HashMap<>();
        put(more, "answer", model.tokenProperty().get());
        put(more, "text", tuned ? model.trainTextProperty().get() : "");
        RunSettings settings = model.bench().settings(run.model());
        return Optional.of(run.call(
                model.bench().services().analyses().get(tuned ? "tuned-lens" : "logit-lens"),
                settings.mask(),
                settings.seed(),
                more));
    }

    private static void put(Map<String, String> texts, String flag, String text) {
        if (!text.isBlank()) {
            texts.put(flag, text);
        }
    }
}
