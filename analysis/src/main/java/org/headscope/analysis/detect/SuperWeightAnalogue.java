package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.MlpWeights;
import org.jspecify.annotations.Nullable;

/** The statistic that finds super experts in mixtures of experts, taken over the MLPs of a dense model. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class SuperWeightAnalogue implements Analysis<SuperWeightAnalogue.Parameters, Findings> {
    static final String CURVE = "Largest MLP output by layer";
    static final String LAYERS = "MLPs";
    static final String THRESHOLDS = "Thresholds";

    private static final double EARLY = 0.75;

    /** Which layers count as those in which massive activations form. */
    public enum Forming {
        /** Those that leave a massive activation where none entered. */
        MEASURED,
        /** The first three quarters, as in the authors' program. */
        EARLY
    }

    /**
     * Parameters.
     *
     * @param text natural text, cut into sequences
     * @param sequences most sequences
     * @param length tokens per sequence
     * @param bos whether a beginning-of-sequence token stands in front
     * @param forming which layers count
     * @param floor least magnitude of a massive activation
     * @param ratio its least multiple of the median magnitude
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
                            max = 65536,
                            defaultValue = "128",
                            help = "Tokens per sequence, cut to the model's context.")
                    int length,
            @Param(
                            label = "BOS",
                            defaultValue = "true",
                            help = "Whether a beginning-of-sequence token stands in front, where its id is known.")
                    boolean bos,
            @Param(
                            label = "Forming layers",
                            defaultValue = "measured",
                            help = "Layers that may count: where massive activations are seen to form, or the first"
                                    + " three quarters.")
                    Forming forming,
            @Param(label = "Floor", min = 0, defaultValue = "100", help = "A massive activation is above this.")
                    double floor,
            @Param(
                            label = "Ratio",
                            min = 1,
                            defaultValue = "1000",
                            help = "It is at least so many times the median magnitude of its hidden state.")
                    double ratio) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("super-weight-analogue", "Super weight analogue", AnalysisInfo.Area.DETECT)
                .measures(
                        "How large the largest number is that each MLP writes, and the row of its output weights that "
                                + "writes it.")
                .formula(
                        "a[l] = max over tokens and channels of |output of the MLP's last projection|; flagged: a[l] > "
                                + "99.5th percentile of all a, a[l] > max(a) / 10, and l forms massive activations")
                .source("Su et al. 2507.23279, equation 6, with one expert per layer")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "An analogue: dense models have no experts, and the paper makes no claim about them. With as few "
                                + "numbers as a dense model has layers, the interpolated percentile lets at most one MLP "
                                + "through. The maximum is over all tokens, as the paper says; the program looks at the "
                                + "first of each batch. Where a norm follows the MLP, its input is taken. Whether a "
                                + "flagged MLP matters, head-ablation and sink-decay tell.")
                .cost("One forward per batch of sequences.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return parameters.sequences();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        ModelConfig config = context.model().config();
        if (!config.block().hasMlp()) {
            throw new HeadscopeException("This " + config.family()
                    + " model has no MLPs, so there is nothing to compare. Use massive-activations.");
        }
        SinkSequences of = new Calibration(
                        parameters.text(), parameters.sequences(), parameters.length(), parameters.bos())
                .draw(context);
        var massive =
                new MassiveTally(config.dims().layers(), new MassiveCriterion(parameters.floor(), parameters.ratio()));
        MlpPeaks peaks = new MlpPeaks(config.dims().layers());
        List<ReceiptSummary> standing = new SiteScan(context, sites(context), (value, point, first) -> {
                    HookSite site = point.site();
                    switch (site.kind()) {
                        case RESID_PRE, RESID_POST, NORMALIZED_RESID_POST ->
                            massive.stream(value, StreamSites.row(site), first);
                        case MLP_POST -> peaks.hidden(value);
                        case LN2_POST_SCALE -> peaks.scale(value);
                        case LN2_POST_NORMALIZED -> peaks.written(peaks.unscaled(value), site.layer(), first);
                        default -> peaks.written(value, site.layer(), first);
                    }
                })
                .run(of.ids(), done -> {
                    progress.checkCancelled();
                    progress.report(done, of.ids().length, of.label());
                });
        Set<Integer> forming = parameters.forming() == Forming.MEASURED
                ? massive.forming()
                : early(config.dims().layers());
        return new ScanFindings(new Shown(context, of, peaks, forming).panels(), standing);
    }

    /** Halves go to the even number, as Python rounds. */
    static Set<Integer> early(int layers) {
        Set<Integer> early = new HashSet<>();
        for (int l = 0; l < Math.rint(EARLY * layers); l++) {
            early.add(l);
        }
        return early;
    }

    private static List<HookSite> sites(AnalysisContext context) {
        List<HookSite> sites = new ArrayList<>(StreamSites.of(context.model()));
        for (int l = 0; l < context.model().config().dims().layers(); l++) {
            sites.add(HookSite.of(SiteKind.MLP_POST, l));
            if (context.model().sites().has(HookSite.of(SiteKind.LN2_POST_SCALE, l))) {
                sites.add(HookSite.of(SiteKind.LN2_POST_SCALE, l));
                sites.add(HookSite.of(SiteKind.LN2_POST_NORMALIZED, l));
            } else {
                sites.add(HookSite.of(SiteKind.MLP_OUT, l));
            }
        }
        return sites;
    }

    /** What was found, as panels. */
    private record Shown(AnalysisContext context, SinkSequences of, MlpPeaks peaks, Set<Integer> forming) {
        List<org.headscope.analysis.result.Panel> panels() {
            double[][] largest = peaks.largest();
            SuperExpertStatistic statistic = new SuperExpertStatistic(largest, forming);
            List<Double> x = new ArrayList<>();
            List<Double> y = new ArrayList<>();
            List<List<Object>> rows = new ArrayList<>();
            for (int l = 0; l < largest.length; l++) {
                x.add((double) l);
                y.add(largest[l][0]);
                rows.add(row(l, statistic));
            }
            Table thresholds = new Table(
                    THRESHOLDS,
                    List.of(
                            Table.Column.number("99.5th percentile", ""),
                            Table.Column.number("a tenth of the largest", ""),
                            Table.Column.text("layers that form massive activations")),
                    List.of(List.of(statistic.percentile(), statistic.tenth(), forming.toString())));
            return List.of(
                    new Curve(
                            CURVE,
                            Quantity.unsigned("layer", ""),
                            Quantity.unsigned("largest magnitude", ""),
                            List.of(new Curve.Line("MLP output", x, y))),
                    new Table(LAYERS, COLUMNS, rows),
                    thresholds);
        }

        private List<Object> row(int layer, SuperExpertStatistic statistic) {
            MlpPeaks.Peak peak = peaks.get(layer);
            MlpWeights mlp = Objects.requireNonNull(
                    context.model().weights().blocks().get(layer).mlp());
            return List.of(
                    layer,
                    peak.magnitude(),
                    peak.sequence(),
                    peak.position(),
                    context.prompts().show(of.ids()[peak.sequence()][peak.position()]),
                    peak.channel(),
                    peak.hidden(),
                    peak.hiddenValue(),
                    mlp.out().weight().getFloat(peak.channel(), peak.hidden()),
                    statistic.isSuper(layer, 0));
        }

        private static final List<Table.Column> COLUMNS = List.of(
                Table.Column.integer("layer"),
                Table.Column.number("largest output", ""),
                Table.Column.integer("sequence"),
                Table.Column.integer("position"),
                Table.Column.text("token"),
                Table.Column.integer("output channel"),
                Table.Column.integer("hidden channel that gives most"),
                Table.Column.number("its activation", ""),
                Table.Column.number("weight between the two", ""),
                new Table.Column("flagged", "", Table.Type.BOOLEAN));
    }
}
