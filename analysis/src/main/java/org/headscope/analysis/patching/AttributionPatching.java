package org.headscope.analysis.patching;

import com.google.auto.service.AutoService;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.patching.ActivationPatching.Parameters;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;

/**
 * Attribution patching (Nanda 2023; Syed et al. 2310.10348): the first-order estimate of {@link ActivationPatching}, for
 * all cells of the same grids at once. Same prompts, metric, denominators and signs, so cells compare one by one.
 *
 * <p>The slope is taken at the run that would be patched: the corrupt one when denoising, the clean one when noising, as
 * edge attribution patching does. Grids are shaped as {@link PatchSite} says, in shares of the gap between both runs and, as
 * estimated logit differences, in logits.
 */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class AttributionPatching implements Analysis<Parameters, PatchFindings> {
    /** Title of the panel of normalised effects. */
    public static final String EFFECT = "Attributed effect";
    /** Title of the panel of estimated logit differences. */
    public static final String ESTIMATE = "Estimated logit difference when patched";

    private static final long RUNS = 2;

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("attribution-patch", "Attribution patching", AnalysisInfo.Area.ATTRIBUTE)
                .measures("A first-order estimate, for all cells at once, of what activation patching would find.")
                .formula("effect = sum((a_other - a_base) * dLD/da at the base run) / (LD_other - LD_base), with "
                        + "LD = logit[answer] - logit[foil] at the last position. "
                        + "denoise: base = corrupt, other = clean; noise: base = clean, other = corrupt")
                .source("Nanda 2023, Attribution Patching; Syed et al. 2310.10348 (noise); "
                        + "Kramar et al. 2403.00745 for its failures")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "It says about 0 where the base run is flat although patching finds an effect: queries and keys of a "
                                + "saturated attention softmax, units that are off. It says too little where gradients "
                                + "along two paths cancel, and early residual sites are off because norms rescale. "
                                + "Confirm the largest cells, and some of the others, with activation-patch.")
                .cost("Two forwards and one backward for all cells.")
                .approximates("the effects of activation-patch, to first order")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public PatchFindings run(AnalysisContext context, Parameters parameters, Progress progress) {
        PatchPair pair = PatchPair.of(context, parameters);
        ModelConfig config = context.model().config();
        PatchRange range =
                PatchRange.of(parameters, config.dims(), pair.base().positions().size());
        PatchGrid grid = PatchGrid.of(parameters.site(), config, pair.base().positions(), range);
        List<HookSite> sites = grid.sites(context.model().sites());
        RunRequest there = request(context, pair.other().batch(), sites);
        RunRequest here = request(context, pair.base().batch(), sites);
        progress.report(0, RUNS, "forward");
        try (RunResult other = context.model().run(there)) {
            progress.report(1, RUNS, "forward and backward");
            progress.checkCancelled();
            try (Gradients.Result base = new Gradients(context.model()).of(here, pair::difference)) {
                PatchGap gap = new PatchGap(base.metric(), pair.difference(other), parameters.mode());
                gap.requireWide();
                return findings(grid, gap, new FirstOrder(parameters.site(), base, other.cache()).changes(sites), base);
            }
        }
    }

    private static RunRequest request(AnalysisContext context, TokenBatch tokens, List<HookSite> sites) {
        return StandingRun.of(context, tokens).capture(sites).lastLogits().build();
    }

    private static PatchFindings findings(PatchGrid grid, PatchGap gap, double[] changes, Gradients.Result base) {
        double[] estimates = grid.chosen(
                Arrays.stream(changes).map(change -> gap.here() + change).toArray());
        return new PatchFindings(
                gap.clean(),
                gap.corrupt(),
                gap.effects(EFFECT, grid, estimates),
                grid.panel(ESTIMATE, Quantity.signed("logit difference", "logits"), estimates),
                base.receipts().stream().map(ReceiptSummary::of).toList());
    }
}
