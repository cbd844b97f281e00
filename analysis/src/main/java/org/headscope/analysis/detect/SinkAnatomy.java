package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/** What is special about the token that serves as a sink: sizes of its streams, keys and values, and angles to its key. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class SinkAnatomy implements Analysis<SinkAnatomy.Parameters, Findings> {
    static final String STREAM = "Norm of the hidden state";
    static final String KEYS_VALUES = "Norm of keys and values";
    static final String KEY_RATIO = "Key norm, sink over the others";
    static final String VALUE_RATIO = "Value norm, sink over the others";
    static final String COSINE = "Cosine of queries and the key of the sink";
    static final String COSINE_OTHERS = "Cosine of queries and other keys";
    static final String STRONGEST = "Angle or norm, in the heads with the strongest sinks";

    private static final int LISTED = 10;

    /**
     * Parameters.
     *
     * @param text natural text, cut into sequences
     * @param sequences most sequences
     * @param length tokens per sequence
     * @param position position of the sink, from 0
     * @param bos whether a beginning-of-sequence token stands in front
     */
    public record Parameters(
            @Param(label = "Text", help = "Natural text, cut into sequences; without it made-up stories or random ids.")
                    @Nullable
                    Prompt text,
            @Param(label = "Sequences", min = 1, max = 1000, defaultValue = "20", help = "How many sequences at most.")
                    int sequences,
            @Param(
                            label = "Length",
                            unit = "tokens",
                            min = 16,
                            max = 8192,
                            defaultValue = "64",
                            help = "Tokens per sequence, cut to the model's context.")
                    int length,
            @Param(
                            label = "Sink position",
                            min = 0,
                            max = 8190,
                            defaultValue = "0",
                            help = "Which position is looked at, counted from 0.")
                    int position,
            @Param(
                            label = "BOS",
                            defaultValue = "true",
                            help = "Whether a beginning-of-sequence token stands in front, where its id is known.")
                    boolean bos) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("sink-anatomy", "Anatomy of a sink", AnalysisInfo.Area.DETECT)
                .measures(
                        "How the first token differs from the others: norms of its hidden state, keys and values, and "
                                + "the angle between queries and its key.")
                .formula("|h_l[k]|, |key[k]|, |value[k]| against the mean over all other positions; "
                        + "mean over t > k of cos(q_t, key_k) and |q_t| |key_k|, against the mean over t > k and all other "
                        + "s <= t of cos(q_t, key_s) and |q_t| |key_s|")
                .source("Gu et al. 2410.10781, section on key biases")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "Which quantities are compared is the paper's; how they are averaged is ours. Positions are "
                                + "counted from 0. Queries and keys after the rotary embedding where there is one, "
                                + "otherwise as projected. In windows, pairs out of sight count too. Norms are of the "
                                + "stream as it enters each block: numbers differ between raw and processed weights.")
                .cost("One forward per batch of sequences.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public boolean scoresHeads() {
        return true;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return parameters.sequences();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        SinkSequences.length(context, parameters.length(), parameters.position());
        SinkSequences of = new Calibration(
                        parameters.text(), parameters.sequences(), parameters.length(), parameters.bos())
                .draw(context);
        Dims dims = context.model().config().dims();
        AnatomyTally tally = new AnatomyTally(dims, parameters.position());
        HeadScores alphas = new HeadScores(dims);
        List<ReceiptSummary> standing = new SiteScan(context, sites(context), (value, point, first) -> {
                    tally.open(first + (int) value.getShape().get(0));
                    int layer = point.site().layer();
                    switch (point.site().kind()) {
                        case RESID_PRE -> tally.stream(value, layer, first);
                        case RESID_POST, NORMALIZED_RESID_POST -> tally.stream(value, layer + 1, first);
                        case Q, ROT_Q -> tally.queries(value);
                        case K, ROT_K -> tally.keys(value, layer, first);
                        case V -> tally.values(value, layer, first);
                        default ->
                            PatternScan.keep(
                                    AttentionSinks.alphas(value, point, parameters.position())[0],
                                    layer,
                                    first,
                                    alphas);
                    }
                })
                .run(of.ids(), done -> {
                    progress.checkCancelled();
                    progress.report(done, of.ids().length, of.label());
                });
        return new ScanFindings(panels(tally, alphas, of, context), standing);
    }

    /** The stream into every block and out of the last; queries before keys. */
    private static List<HookSite> sites(AnalysisContext context) {
        List<HookSite> sites = new ArrayList<>();
        int layers = context.model().config().dims().layers();
        for (int l = 0; l < layers; l++) {
            boolean rotates = context.model().sites().has(HookSite.of(SiteKind.ROT_Q, l));
            sites.add(HookSite.of(SiteKind.RESID_PRE, l));
            sites.add(HookSite.of(rotates ? SiteKind.ROT_Q : SiteKind.Q, l));
            sites.add(HookSite.of(rotates ? SiteKind.ROT_K : SiteKind.K, l));
            sites.add(HookSite.of(SiteKind.V, l));
            sites.add(HookSite.of(SiteKind.PATTERN, l));
        }
        HookSite normalized = HookSite.of(SiteKind.NORMALIZED_RESID_POST, layers - 1);
        sites.add(context.model().sites().has(normalized) ? normalized : HookSite.of(SiteKind.RESID_POST, layers - 1));
        return sites;
    }

    private static List<Panel> panels(
            AnatomyTally tally, HeadScores alphas, SinkSequences of, AnalysisContext context) {
        long seed = context.seed();
        Quantity layer = Quantity.unsigned("layer", "");
        Quantity norm = Quantity.unsigned("norm", "");
        Quantity ratio = Quantity.unsigned("ratio of norms", "");
        Quantity cosine = Quantity.signed("cosine", "");
        return List.of(
                new Curve(
                        STREAM,
                        layer,
                        norm,
                        List.of(
                                tally.stream.line("at the sink", AnatomyTally.AT, seed),
                                tally.stream.line("mean of the others", AnatomyTally.OTHERS, seed))),
                new Curve(
                        KEYS_VALUES,
                        layer,
                        norm,
                        List.of(
                                tally.keys.line("key at the sink", AnatomyTally.AT, seed),
                                tally.keys.line("other keys", AnatomyTally.OTHERS, seed),
                                tally.values.line("value at the sink", AnatomyTally.AT, seed),
                                tally.values.line("other values", AnatomyTally.OTHERS, seed))),
                tally.keyRatio.panel(KEY_RATIO, ratio, seed),
                tally.valueRatio.panel(VALUE_RATIO, ratio, seed),
                tally.cosineAt.panel(COSINE, cosine, seed),
                tally.cosineOthers.panel(COSINE_OTHERS, cosine, seed),
                strongest(tally, alphas, of, context.model().config().dims()));
    }

    private static Table strongest(AnatomyTally tally, HeadScores alphas, SinkSequences of, Dims dims) {
        List<List<Object>> rows = new ArrayList<>();
        for (RankedHeads.Head head : RankedHeads.top(dims, alphas::mean, LISTED)) {
            int l = head.layer();
            int h = head.head();
            rows.add(List.of(
                    head.label(),
                    alphas.mean(l, h),
                    tally.cosineAt.mean(l, h),
                    tally.cosineOthers.mean(l, h),
                    tally.normsAt.mean(l, h),
                    tally.normsOthers.mean(l, h),
                    of.label(),
                    of.ids().length));
        }
        return new Table(
                STRONGEST,
                List.of(
                        Table.Column.text("head"),
                        Table.Column.number("sink score", ""),
                        Table.Column.number("cosine to the key of the sink", ""),
                        Table.Column.number("cosine to other keys", ""),
                        Table.Column.number("|q| |k|, key of the sink", ""),
                        Table.Column.number("|q| |k|, other keys", ""),
                        Table.Column.text("sequences of"),
                        Table.Column.integer("sequences")),
                rows);
    }
}
