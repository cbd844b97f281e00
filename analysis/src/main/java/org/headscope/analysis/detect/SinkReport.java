package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.LayerPositionGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.stat.Quantiles;
import org.jspecify.annotations.Nullable;

/** Shows sinks: who they are, how they cluster, and what the MLP stages say. */
final class SinkReport {
    static final String SINKS = "Sinks";
    static final String LEVELS = "Levels";
    static final String STAGES = "MLP stages against the primary sink";
    static final String COSINE = "Cosine to the primary sink, first sequence";
    static final String SCORE = "Sink score, first sequence";
    static final String NORMS = "Norm of block outputs";

    private static final int LISTED = 200;
    private static final int STAGED = 20;
    private static final int CONTROLS = 10;

    private final AnalysisContext context;
    private final SinkSequences of;
    private final SinkTracks tracks;
    private final SinkCensus census;

    SinkReport(AnalysisContext context, SinkSequences of, SinkTracks tracks, SinkCensus census) {
        this.context = context;
        this.of = of;
        this.tracks = tracks;
        this.census = census;
    }

    /** Sinks whose MLP stages are read, and as many same-token controls as are used. */
    List<SinkStages.Place> places() {
        List<SinkStages.Place> places = new ArrayList<>();
        for (SinkToken sink : staged()) {
            places.add(place(sink));
            places.addAll(controls(sink));
        }
        return places.stream().distinct().toList();
    }

    private List<SinkToken> staged() {
        return census.sinks().stream().limit(STAGED).toList();
    }

    private SinkStages.Place place(SinkToken sink) {
        int primary = census.lives().get(sink.sequence()).position();
        return new SinkStages.Place(sink.sequence(), sink.position(), sink.start(), primary);
    }

    private List<SinkStages.Place> controls(SinkToken sink) {
        return census.controls(sink, of.ids()).stream().limit(CONTROLS).toList();
    }

    List<Panel> panels(@Nullable SinkStages stages) {
        List<Panel> panels = new ArrayList<>(List.of(sinks(), levels()));
        if (stages != null) {
            panels.add(stages(stages));
        }
        SinkTracks.Track first = tracks.get(0);
        int primary = census.lives().get(0).position();
        panels.add(grid(COSINE, Quantity.signed("cosine", ""), first.cosines()[primary]));
        panels.add(grid(SCORE, Quantity.unsigned("attention of later tokens, mean over heads", ""), first.meanScore()));
        panels.add(norms());
        return panels;
    }

    private Table sinks() {
        List<List<Object>> rows = new ArrayList<>();
        for (int s = 0; s < tracks.size() && rows.size() < LISTED; s++) {
            SinkLife life = census.lives().get(s);
            rows.add(row(new SinkToken(s, life.position(), life.from(), life.length(), SinkToken.Kind.PRIMARY)));
            for (SinkToken token : census.tokens()) {
                if (token.sequence() == s) {
                    rows.add(row(token));
                }
            }
        }
        return new Table(
                SINKS,
                List.of(
                        Table.Column.integer("sequence"),
                        Table.Column.integer("position"),
                        Table.Column.text("token"),
                        Table.Column.text("kind"),
                        Table.Column.integer("first layer"),
                        Table.Column.integer("lifetime"),
                        Table.Column.number("norm over that of other tokens", ""),
                        Table.Column.number("sink score, mean over heads", ""),
                        Table.Column.number("sink score, largest head", ""),
                        Table.Column.number("sink score of the primary in the same layers", "")),
                rows);
    }

    /** Numbers are means over the layers from the first sink-like one on, as many as it lives. */
    private List<Object> row(SinkToken sink) {
        SinkTracks.Track track = tracks.get(sink.sequence());
        int primary = census.lives().get(sink.sequence()).position();
        int to = Math.min(sink.start() + sink.lifetime(), track.norms().length);
        double norm = 0;
        double mean = 0;
        double max = Double.NEGATIVE_INFINITY;
        double ofPrimary = 0;
        // The MLP of a layer makes the state, the attention of the next one sees it.
        int layers = to - sink.start();
        int seeing = 0;
        for (int l = sink.start(); l < to; l++) {
            norm += ratio(track.norms()[l], sink.position()) / layers;
            if (l + 1 < track.norms().length) {
                mean += track.meanScore()[l + 1][sink.position()];
                max = Math.max(max, track.maxScore()[l + 1][sink.position()]);
                ofPrimary += track.meanScore()[l + 1][primary];
                seeing++;
            }
        }
        return List.of(
                sink.sequence(),
                sink.position(),
                context.prompts().show(of.ids()[sink.sequence()][sink.position()]),
                sink.kind().label(),
                sink.start(),
                sink.lifetime(),
                norm,
                seeing == 0 ? Double.NaN : mean / seeing,
                seeing == 0 ? Double.NaN : max,
                seeing == 0 ? Double.NaN : ofPrimary / seeing);
    }

    /** NaN when most states are zero. */
    private static double ratio(double[] norms, int position) {
        double median = Quantiles.of(norms, 0.5);
        return median == 0 ? Double.NaN : norms[position] / median;
    }

    private Table levels() {
        Map<List<Integer>, Integer> counts = new TreeMap<>(
                Comparator.comparing((List<Integer> level) -> level.get(0)).thenComparing(level -> level.get(1)));
        census.sinks().forEach(sink -> counts.merge(List.of(sink.start(), sink.lifetime()), 1, Integer::sum));
        List<List<Object>> rows = new ArrayList<>();
        counts.forEach((level, count) -> rows.add(List.of(
                level.get(0),
                level.get(1),
                census.sinks().stream()
                        .filter(sink -> sink.start() == level.get(0) && sink.lifetime() == level.get(1))
                        .findFirst()
                        .orElseThrow()
                        .kind()
                        .label(),
                count,
                Math.log1p(count))));
        return new Table(
                LEVELS,
                List.of(
                        Table.Column.integer("first layer"),
                        Table.Column.integer("lifetime"),
                        Table.Column.text("kind"),
                        Table.Column.integer("tokens"),
                        Table.Column.number("log(1 + tokens)", "")),
                rows);
    }

    private Table stages(SinkStages stages) {
        List<Table.Column> columns = new ArrayList<>(List.of(
                Table.Column.text("token"),
                Table.Column.text("which"),
                Table.Column.integer("layer"),
                Table.Column.integer("tokens averaged")));
        columns.addAll(SinkStages.columns());
        List<List<Object>> rows = new ArrayList<>();
        for (SinkToken sink : staged()) {
            rows.add(staged(sink, sink.kind().label(), stages, List.of(place(sink))));
            List<SinkStages.Place> controls = controls(sink);
            if (!controls.isEmpty()) {
                rows.add(staged(sink, "same token, no sink", stages, controls));
            }
        }
        return new Table(STAGES, columns, rows);
    }

    private List<Object> staged(SinkToken sink, String which, SinkStages stages, List<SinkStages.Place> places) {
        String where = context.prompts().show(of.ids()[sink.sequence()][sink.position()]) + " at " + sink.position()
                + " of sequence " + sink.sequence();
        List<Object> row = new ArrayList<>(List.of(where, which, sink.start(), places.size()));
        row.addAll(stages.mean(places));
        return row;
    }

    private Panel grid(String title, Quantity quantity, double[][] values) {
        List<String> labels = Arrays.stream(of.ids()[0])
                .mapToObj(id -> context.prompts().show(id))
                .toList();
        return new LayerPositionGrid(
                title, quantity, Grid.of(Axis.layers(values.length), Axis.positions(labels), values));
    }

    private Curve norms() {
        int layers = tracks.get(0).norms().length;
        HeadScores norms = new HeadScores(layers, Axis.of(Axis.SERIES, 2));
        for (int s = 0; s < tracks.size(); s++) {
            norms.open();
            for (int l = 0; l < layers; l++) {
                double[] all = tracks.get(s).norms()[l];
                norms.set(s, l, 0, all[census.lives().get(s).position()]);
                norms.set(s, l, 1, Quantiles.of(all, 0.5));
            }
        }
        return new Curve(
                NORMS,
                Quantity.unsigned("layer", ""),
                Quantity.unsigned("norm", ""),
                List.of(norms.line("primary sink", 0, context.seed()), norms.line("median token", 1, context.seed())));
    }
}
