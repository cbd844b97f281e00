package org.headscope.analysis.reading;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.stat.SampleSummary;

/**
 * How good a trained lens is, as it is shown.
 *
 * @param before the logit lens on held-out texts
 * @param after the tuned lens on the same
 * @param losses mean divergence before every step of the training, in nats
 * @param size how much it was trained and tested on
 */
record TunedPanels(LensDistance before, LensDistance after, List<Double> losses, Size size) {
    private static final int LISTED = 5;

    /** Numbers of texts and tokens. */
    record Size(int trainTexts, int trainTokens, int heldOutTexts, int heldOutTokens) {}

    List<Panel> held() {
        Curve curve = new Curve(
                TunedLens.HELD_OUT,
                Quantity.unsigned("stream that enters layer", ""),
                Quantity.unsigned("divergence from what the model says", "bits"),
                List.of(line("logit lens", before), line("tuned lens", after)));
        return List.of(curve, layers());
    }

    private static Curve.Line line(String name, LensDistance distance) {
        List<SampleSummary> bits = distance.bits();
        List<Double> x =
                IntStream.range(0, bits.size()).mapToObj(l -> (double) l).toList();
        List<Double> y = bits.stream().map(SampleSummary::mean).toList();
        if (bits.stream().anyMatch(one -> Double.isNaN(one.lower()))) {
            return new Curve.Line(name, x, y);
        }
        return new Curve.Line(
                name,
                x,
                y,
                bits.stream().map(SampleSummary::lower).toList(),
                bits.stream().map(SampleSummary::upper).toList());
    }

    private Table layers() {
        List<List<Object>> rows = new ArrayList<>();
        for (int row = 0; row < before.bits().size(); row++) {
            SampleSummary tuned = after.bits().get(row);
            rows.add(List.of(
                    row == before.bits().size() - 1 ? LogitLens.FINAL : String.valueOf(row),
                    before.bits().get(row).mean(),
                    tuned.mean(),
                    tuned.deviation(),
                    tuned.lower(),
                    tuned.upper(),
                    before.agreement().get(row),
                    after.agreement().get(row)));
        }
        return new Table(
                TunedLens.LAYERS,
                List.of(
                        Table.Column.text("stream that enters"),
                        Table.Column.number("logit lens", "bits"),
                        Table.Column.number("tuned lens", "bits"),
                        Table.Column.number("deviation over texts", "bits"),
                        Table.Column.number("lower", "bits"),
                        Table.Column.number("upper", "bits"),
                        Table.Column.number("same likeliest token, logit lens", ""),
                        Table.Column.number("same likeliest token, tuned lens", "")),
                rows);
    }

    /** What every stream says at one position. */
    static Table top(LensRun run, int position, IntFunction<String> show) {
        List<List<Object>> rows = new ArrayList<>();
        for (int row = 0; row < run.rows(); row++) {
            double[] logs = run.read(row, position, position + 1)[0];
            String stream = row == run.rows() - 1 ? LogitLens.FINAL : String.valueOf(row);
            int[] best = Predictions.top(logs, LISTED);
            for (int rank = 0; rank < best.length; rank++) {
                rows.add(List.of(stream, rank + 1, best[rank], show.apply(best[rank]), Math.exp(logs[best[rank]])));
            }
        }
        return new Table(
                TunedLens.TOP,
                List.of(
                        Table.Column.text("stream that enters"),
                        Table.Column.integer("rank"),
                        Table.Column.integer("token id"),
                        Table.Column.text("token"),
                        Table.Column.number("probability", "")),
                rows);
    }

    List<Panel> training() {
        List<Double> steps =
                IntStream.range(0, losses.size()).mapToObj(i -> (double) i).toList();
        Curve curve = new Curve(
                TunedLens.TRAINING,
                Quantity.unsigned("step", ""),
                Quantity.unsigned("mean divergence over layers", "nats"),
                List.of(new Curve.Line("all layers", steps, losses)));
        Table counts = new Table(
                "Texts",
                List.of(Table.Column.text("used to"), Table.Column.integer("texts"), Table.Column.integer("tokens")),
                List.of(
                        List.of("train", size.trainTexts, size.trainTokens),
                        List.of("test", size.heldOutTexts, size.heldOutTokens)));
        return List.of(curve, counts);
    }
}
