package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.TokenSeries;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.stat.ControlTest;

/** Shows the rhythm of a response. */
final class RhythmReport {
    static final String SPAN = "Span";
    static final String SPAN_WITHOUT_FIRST = "Span without the first token";
    static final String WAAD = "Distance of local attention (WAAD)";
    static final String FAI = "Attention from further on (FAI)";
    static final String CREDIT = "Credit";
    static final String TOKENS = "Tokens of the response";
    static final String HEADS = "Local and global heads";
    static final String COUPLING = "Anchors at or behind a local peak, against random tokens";

    private static final int SHUFFLES = 999;

    private final AnalysisContext context;
    private final int[] ids;
    private final RhythmTally tally;
    private final RhythmHeads heads;
    private final Rhythm rhythm;

    RhythmReport(AnalysisContext context, int[] ids, RhythmTally tally, RhythmHeads heads, Rhythm rhythm) {
        this.context = context;
        this.ids = ids.clone();
        this.tally = tally;
        this.heads = heads;
        this.rhythm = rhythm;
    }

    List<Panel> panels() {
        Quantity distance = Quantity.unsigned("distance", "tokens");
        return List.of(
                headGrid(SPAN, distance, tally.span()),
                headGrid(SPAN_WITHOUT_FIRST, distance, tally.spanWithoutFirst()),
                series(WAAD, distance, List.of("WAAD", "change to the next token"), rhythm.waad(), rhythm.delta()),
                series(FAI, Quantity.unsigned("attention", ""), List.of("FAI"), rhythm.fai()),
                series(CREDIT, Quantity.unsigned("credit", ""), List.of("credit"), rhythm.credit()),
                tokens(),
                split(),
                coupling());
    }

    private static HeadGrid headGrid(String title, Quantity quantity, double[][] values) {
        return new HeadGrid(title, quantity, Grid.of(Axis.layers(values.length), Axis.heads(values[0].length), values));
    }

    private TokenSeries series(String title, Quantity quantity, List<String> names, double[]... lines) {
        List<String> labels =
                Arrays.stream(ids).mapToObj(id -> context.prompts().show(id)).toList();
        return new TokenSeries(
                title, quantity, Grid.of(Axis.labelled(Axis.SERIES, names), Axis.positions(labels), lines));
    }

    private Table tokens() {
        double[] delta = rhythm.delta();
        double[] credit = rhythm.credit();
        Set<Integer> peaks = rhythm.localPeaks();
        Set<Integer> anchors = rhythm.anchors();
        Set<Integer> dominated = rhythm.dominated();
        List<List<Object>> rows = new ArrayList<>();
        for (int t = rhythm.response(); t < ids.length; t++) {
            String intro = dominated.contains(t)
                    ? context.prompts().show(ids[rhythm.intro(t)]) + " at " + rhythm.intro(t)
                    : "";
            rows.add(List.of(
                    t,
                    context.prompts().show(ids[t]),
                    rhythm.waad()[t],
                    delta[t],
                    rhythm.fai()[t],
                    peaks.contains(t),
                    anchors.contains(t),
                    intro,
                    credit[t]));
        }
        return new Table(
                TOKENS,
                List.of(
                        Table.Column.integer("position"),
                        Table.Column.text("token"),
                        Table.Column.number("WAAD", "tokens"),
                        Table.Column.number("change to the next token", "tokens"),
                        Table.Column.number("FAI", ""),
                        new Table.Column("local peak", "", Table.Type.BOOLEAN),
                        new Table.Column("anchor", "", Table.Type.BOOLEAN),
                        Table.Column.text("introduced by"),
                        Table.Column.number("credit", "")),
                rows);
    }

    private Table split() {
        return new Table(
                HEADS,
                List.of(
                        Table.Column.text("kind"),
                        Table.Column.integer("heads"),
                        Table.Column.integer("of"),
                        Table.Column.text("which")),
                List.of(
                        List.of("local", heads.local().size(), heads.considered(), RhythmHeads.names(heads.local())),
                        List.of(
                                "global",
                                heads.global().size(),
                                heads.considered(),
                                RhythmHeads.names(heads.global()))));
    }

    /** Random tokens are drawn from those of the response that could have been anchors. */
    private Table coupling() {
        Set<Integer> anchors = rhythm.anchors();
        List<Integer> eligible = new ArrayList<>(rhythm.eligible(rhythm.fai()));
        Random random = new Random(context.seed());
        double[] controls = new double[SHUFFLES];
        for (int i = 0; i < SHUFFLES; i++) {
            Collections.shuffle(eligible, random);
            controls[i] = rhythm.coupled(new HashSet<>(eligible.subList(0, anchors.size())));
        }
        return new ControlTest(rhythm.coupled(anchors), controls).table(COUPLING, "share of anchors");
    }
}
