package org.headscope.analysis.patching;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.AttentionSpec.QkNorm;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Attribution patching with its two known failures mended, and a check of what it still misses. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class AtpStar implements Analysis<AtpStar.Parameters, Findings> {
    /** Title of the panel of scores. */
    public static final String SCORE = "AtP* score";
    /** Title of the panel of signed first-order effects, with the QK fix and without GradDrop. */
    public static final String ESTIMATE = "First-order effect";

    private static final Set<PatchSite> SITES = Set.of(
            PatchSite.HEAD_Z,
            PatchSite.HEAD_Q,
            PatchSite.HEAD_K,
            PatchSite.HEAD_V,
            PatchSite.HEAD_Z_BY_POS,
            PatchSite.HEAD_Q_BY_POS,
            PatchSite.HEAD_K_BY_POS,
            PatchSite.HEAD_V_BY_POS,
            PatchSite.ATTN_OUT,
            PatchSite.MLP_OUT);

    /**
     * Parameters.
     *
     * @param clean prompt with the answer
     * @param corrupt prompt without it, with as many tokens
     * @param answer right next token
     * @param foil wrong next token
     * @param site which nodes are scored
     * @param mode direction
     * @param qkFix whether patterns are recomputed for queries and keys
     * @param gradDrop whether layers are dropped in turn
     * @param verify how many of the highest scores are patched
     * @param sample how many of the rest are patched, chosen at random
     * @param threshold from which size on an effect should have been found, in shares of the gap
     */
    public record Parameters(
            @Param(label = "Clean prompt", help = "Prompt on which the model gives the answer.") Prompt clean,
            @Param(label = "Corrupt prompt", help = "Prompt of equal length on which it does not.") Prompt corrupt,
            @Param(label = "Answer", help = "Right next token, with its leading space, or ids:N.") Prompt answer,
            @Param(label = "Foil", help = "Wrong next token that the answer is compared with.") Prompt foil,
            @Param(
                            label = "Site",
                            defaultValue = "head-z",
                            help = "Which nodes are scored: heads, attn-out or mlp-out.")
                    PatchSite site,
            @Param(
                            label = "Mode",
                            defaultValue = "noise",
                            help = "Put corrupt activations into the clean run, as the paper does, or the other way.")
                    ActivationPatching.Mode mode,
            @Param(
                            label = "QK fix",
                            defaultValue = "true",
                            help = "Recompute attention patterns for queries and keys instead of linearising them.")
                    boolean qkFix,
            @Param(
                            label = "GradDrop",
                            defaultValue = "true",
                            help = "Average over gradients that each avoid what one layer writes.")
                    boolean gradDrop,
            @Param(label = "Verify", defaultValue = "10", min = 1, help = "How many of the highest scores are patched.")
                    int verify,
            @Param(
                            label = "Sample",
                            defaultValue = "10",
                            min = 1,
                            help = "How many of the rest are patched, chosen at random, to estimate what was missed.")
                    int sample,
            @Param(
                            label = "Threshold",
                            defaultValue = "0.05",
                            min = 0,
                            help = "Patch effects of at least this share of the gap should have been found.")
                    double threshold) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("atp-star", "AtP*", AnalysisInfo.Area.ATTRIBUTE)
                .measures(
                        "Which nodes activation patching would find, from gradients that neither a saturated softmax nor"
                                + " cancelling paths can blind, with a count of what they still miss.")
                .formula("I(n) = sum((a_other - a_base) * dLD/da at the base run); for q and k instead I(n) ="
                        + " sum((A' - A) * dLD/dA), A' the pattern with the other run's q or k. I_l(n): the same with no"
                        + " gradient through what layer l writes. score = sum over l of |I_l(n)| / (L - 1) / |gap|."
                        + " recall = top nodes with |effect| >= threshold / (these + share of such nodes in the sample *"
                        + " number of the rest)")
                .source("Kramar et al. 2403.00745")
                .exactness(
                        AnalysisInfo.Exactness.RECON,
                        "The paper was not at hand: QK fix and GradDrop follow the formulas as they are commonly given,"
                                + " recall and its bound (Wilson, 95 %) are this project's. One prompt pair, so the score"
                                + " is |I|, no mean over pairs. A layer is its attention and its MLP together. A score"
                                + " ranks; its size is not an effect. Queries (keys) of all positions are put in"
                                + " together, or one position at a time where the site says so.")
                .cost(
                        "Layers + 1 forwards and backwards in batches, at most three more forwards, and one partial forward"
                                + " per verified node.")
                .approximates("the size of the effects of activation-patch, as a ranking")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        int rows = 1 + (parameters.gradDrop() ? context.model().config().dims().layers() : 0);
        // A backward pass costs about two forwards, a verified node half of one.
        return 1 + (fixed(parameters) ? 2 : 0) + 3.0 * rows + (parameters.verify() + parameters.sample()) / 2.0;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        refuse(context, parameters);
        PatchPair pair = PatchPair.of(context, plain(parameters));
        var grid = new PatchGrid(
                parameters.site(), context.model().config().dims(), pair.base().positions());
        List<HookSite> sites = grid.sites(context.model().sites());
        progress.report(0, 0, "the other run");
        try (RunResult other = context.model()
                .run(StandingRun.of(context, pair.other().batch())
                        .capture(sites)
                        .lastLogits()
                        .build())) {
            DroppedGradients.Changes changes = changes(context, parameters, pair, other, progress);
            PatchGap gap = new PatchGap(changes.metric(), pair.difference(other), parameters.mode());
            gap.requireWide();
            double[] scores = scores(changes, gap);
            var check = new AtpVerification(context, pair, gap, grid.cells(other.cache()));
            AtpVerification.Checked checked = check.run(scores, parameters, progress);
            List<ReceiptSummary> receipts = new ArrayList<>(changes.receipts());
            receipts.addAll(checked.receipts());
            return Findings.of(panels(grid, changes, gap, scores, checked), receipts);
        }
    }

    private static DroppedGradients.Changes changes(
            AnalysisContext context, Parameters parameters, PatchPair pair, RunResult other, Progress progress) {
        PatchSite site = parameters.site();
        if (fixed(parameters)) {
            try (QkFix fix = QkFix.of(context, site, pair.base().batch(), other.cache())) {
                return new DroppedGradients(context, pair, fix.sites())
                        .run(parameters.gradDrop(), fix::changes, progress);
            }
        }
        List<HookSite> sites = List.copyOf(new TreeSet<>(other.cache().sites()));
        return new DroppedGradients(context, pair, sites)
                .run(parameters.gradDrop(), base -> firstOrder(site, base, other, sites), progress);
    }

    private static double[][] firstOrder(PatchSite site, Gradients.Result base, RunResult other, List<HookSite> sites) {
        return new FirstOrder(site, base, other.cache()).rows(sites);
    }

    private static boolean fixed(Parameters parameters) {
        SiteKind kind = parameters.site().kind();
        return parameters.qkFix() && (kind == SiteKind.Q || kind == SiteKind.K);
    }

    /** In shares of the gap. Where a node's own layer is dropped it has no gradient, hence one layer less in the mean. */
    private static double[] scores(DroppedGradients.Changes changes, PatchGap gap) {
        double size = Math.abs(gap.there() - gap.here());
        double[][] dropped = changes.dropped();
        if (dropped.length == 0) {
            return Arrays.stream(changes.plain())
                    .map(change -> Math.abs(change) / size)
                    .toArray();
        }
        double[] scores = new double[changes.plain().length];
        int perLayer = scores.length / dropped.length;
        for (int layer = 0; layer < dropped.length; layer++) {
            for (int cell = 0; cell < scores.length; cell++) {
                if (cell / perLayer != layer) {
                    scores[cell] += Math.abs(dropped[layer][cell]) / size / (dropped.length - 1);
                }
            }
        }
        return scores;
    }

    private static List<Panel> panels(
            PatchGrid grid,
            DroppedGradients.Changes changes,
            PatchGap gap,
            double[] scores,
            AtpVerification.Checked checked) {
        double[] estimates = Arrays.stream(changes.plain())
                .map(change -> gap.here() + change)
                .toArray();
        return List.of(
                grid.panel(SCORE, Quantity.unsigned("score", "share of the gap"), scores),
                gap.effects(ESTIMATE, grid, estimates),
                checked.nodes(estimates),
                checked.recall());
    }

    private static void refuse(AnalysisContext context, Parameters parameters) {
        ModelConfig config = context.model().config();
        if (!SITES.contains(parameters.site())) {
            throw ParameterException.refused(
                    "site", parameters.site().name(), "a site of heads, or attn-out, or mlp-out: nodes that write");
        }
        Dims dims = config.dims();
        if (parameters.gradDrop() && (dims.layers() < 2 || config.block().arrangement() == Arrangement.POST_NORM)) {
            throw new HeadscopeException("GradDrop leaves out one layer of the residual stream at a time, but "
                    + (dims.layers() < 2
                            ? "this model has a single layer."
                            : "the blocks of this " + config.family() + " model normalise the stream itself.")
                    + " Run with --grad-drop false.");
        }
        if (fixed(parameters) && config.attention().qkNorm() == QkNorm.FULL_WIDTH) {
            throw new HeadscopeException("The QK fix puts in the queries (keys) of all heads at once, but this "
                    + config.family() + " model normalises them together, so that heads are not apart."
                    + " Run with --qk-fix false.");
        }
        boolean uniform = context.standing().stream()
                .anyMatch(one -> one instanceof Intervention.Ablate ablate && ablate.how() instanceof Ablation.Uniform);
        if (fixed(parameters) && parameters.site() == PatchSite.HEAD_K_BY_POS && uniform) {
            throw new HeadscopeException(
                    "The active mask sets attention to uniform, whatever the keys say, and the QK fix"
                            + " key by key works on scores. Choose site head-k, another kind of mask, or --qk-fix false.");
        }
    }

    private static ActivationPatching.Parameters plain(Parameters parameters) {
        return new ActivationPatching.Parameters(
                parameters.clean(),
                parameters.corrupt(),
                parameters.answer(),
                parameters.foil(),
                parameters.site(),
                parameters.mode());
    }
}
