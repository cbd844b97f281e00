package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/** Tokens in the middle of a text whose state becomes that of the first token for some layers. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class SecondarySinks implements Analysis<SecondarySinks.Parameters, Findings> {
    private static final int FEWEST_LAYERS = 3;

    /**
     * Parameters.
     *
     * @param text natural text, cut into sequences
     * @param sequences most sequences
     * @param length tokens per sequence
     * @param bos whether a beginning-of-sequence token stands in front
     * @param candidates how many first positions may hold the primary sink
     * @param cosine from which absolute cosine on a state is sink-like
     * @param longShare from which share of the primary sink's life on a token is BOS-like
     * @param shortShare up to which share of the layers a token is noise
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
                            defaultValue = "256",
                            help = "Tokens per sequence, cut to the model's context; short ones may show none.")
                    int length,
            @Param(
                            label = "BOS",
                            defaultValue = "true",
                            help = "Whether a beginning-of-sequence token stands in front, where its id is known.")
                    boolean bos,
            @Param(
                            label = "Candidates",
                            min = 1,
                            max = 8,
                            defaultValue = "2",
                            help = "How many first positions may hold the primary sink; 3 with a chat template.")
                    int candidates,
            @Param(
                            label = "Cosine",
                            min = 0,
                            max = 1,
                            defaultValue = "0.9",
                            help = "A state is sink-like when its absolute cosine to the primary sink is above this.")
                    double cosine,
            @Param(
                            label = "Long life",
                            min = 0,
                            max = 1,
                            defaultValue = "0.75",
                            help = "Tokens sink-like for at least this share of the primary sink's life are BOS-like.")
                    double longShare,
            @Param(
                            label = "Short life",
                            min = 0,
                            max = 1,
                            defaultValue = "0.1",
                            help = "Tokens sink-like for at most this share of all layers are noise.")
                    double shortShare) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("secondary-sinks", "Secondary sinks", AnalysisInfo.Area.DETECT)
                .measures(
                        "Which later tokens turn into sinks, in which layer, for how long, and whether an MLP does it.")
                .formula(
                        "h_l = block outputs; primary p = candidate with the largest mean |h_l|; alive from l0 = argmax of "
                                + "|h_{l+1}[p]| - |h_l[p]| plus 1 to l1 = argmin of the same from l0 on, plus 1; token t > p is "
                                + "sink-like in l0 <= l < l1 when |cos(h_l[t], h_l[p])| > 0.9; lifetime = number of such layers; "
                                + "BOS-like: lifetime >= long (l1 - l0), secondary: lifetime > short L, otherwise noise")
                .source("Wong et al. 2512.22213, code")
                .exactness(
                        AnalysisInfo.Exactness.PARTLY,
                        "The detector is that of the code, but for the borders between kinds: it calls lifetimes from "
                                + "L - 15 on BOS-like and up to 4 noise, which means nothing below 20 layers; shares take "
                                + "their place, chosen so that the published cases come out the same. The sink score is "
                                + "reconstructed (the notebook is missing): mean attention of later queries only, averaged "
                                + "over heads. Cosines in float32 of the stream, summed in float64. There is always a "
                                + "candidate: whether it is a sink, its norm tells.")
                .cost("One forward per batch of sequences; a second one over those with sinks, for the MLP stages.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return 2.0 * parameters.sequences();
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        refuse(context.model().config());
        SinkSequences of = new Calibration(
                        parameters.text(), parameters.sequences(), parameters.length(), parameters.bos())
                .draw(context);
        if (parameters.candidates() >= of.ids()[0].length) {
            throw ParameterException.refused(
                    "candidates", Integer.toString(parameters.candidates()), "fewer than the tokens of a sequence");
        }
        int layers = context.model().config().dims().layers();
        SinkTracks tracks = new SinkTracks(layers, parameters.candidates());
        List<HookSite> sites = new ArrayList<>(HookSite.perLayer(layers, SiteKind.RESID_POST));
        sites.addAll(HookSite.perLayer(layers, SiteKind.PATTERN));
        List<ReceiptSummary> standing = new SiteScan(context, sites, (value, point, first) -> {
                    if (point.site().kind() == SiteKind.PATTERN) {
                        tracks.pattern(value, point, first);
                    } else {
                        tracks.stream(value, point.site().layer(), first);
                    }
                })
                .run(of.ids(), done -> report(progress, done, of));
        return new ScanFindings(findings(context, parameters, of, tracks, progress), standing);
    }

    private static List<org.headscope.analysis.result.Panel> findings(
            AnalysisContext context, Parameters parameters, SinkSequences of, SinkTracks tracks, Progress progress) {
        var borders = new SinkToken.Borders(parameters.longShare(), parameters.shortShare());
        SinkCensus census = SinkCensus.of(tracks, parameters.cosine(), borders);
        SinkStages stages = new SinkStages(context, of.ids());
        SinkReport report = new SinkReport(context, of, tracks, census);
        if (context.model().config().block().hasMlp()) {
            stages.read(report.places(), done -> report(progress, done, of));
            return report.panels(stages);
        }
        return report.panels(null);
    }

    private static void report(Progress progress, int done, SinkSequences of) {
        progress.checkCancelled();
        progress.report(done, of.ids().length, of.label());
    }

    private static void refuse(ModelConfig config) {
        String why = null;
        if (config.block().arrangement() == Arrangement.POST_NORM) {
            why = "its blocks normalise the residual stream after every addition, so no state can stay large";
        } else if (config.dims().layers() < FEWEST_LAYERS) {
            why = "with " + config.dims().layers() + " layers a sink cannot begin and end";
        }
        if (why != null) {
            throw new HeadscopeException("Secondary sinks cannot be looked for in this " + config.family() + " model: "
                    + why + ". Use attention-sinks.");
        }
    }
}
