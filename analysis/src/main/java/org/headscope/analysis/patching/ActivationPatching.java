package org.headscope.analysis.patching;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepEngine;
import org.headscope.hooks.sweep.SweepListener;

/** Activation patching, denoising and noising, at every site that TransformerLens' patching sweeps. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class ActivationPatching implements Analysis<ActivationPatching.Parameters, PatchFindings> {
    /** Title of the panel of normalised effects. */
    public static final String EFFECT = "Patch effect";
    /** Title of the panel of raw logit differences. */
    public static final String PATCHED = "Logit difference when patched";

    /** Which prompt is run, and which one the activations come from. */
    public enum Mode {
        /** Run corrupt, put in clean: what suffices to restore the answer. */
        DENOISE,
        /** Run clean, put in corrupt: what is necessary for the answer. */
        NOISE
    }

    /**
     * Parameters.
     *
     * @param clean prompt with the answer
     * @param corrupt prompt without it, with as many tokens
     * @param answer right next token
     * @param foil wrong next token
     * @param site where to patch
     * @param mode direction
     */
    public record Parameters(
            @Param(label = "Clean prompt", help = "Prompt on which the model gives the answer.") Prompt clean,
            @Param(label = "Corrupt prompt", help = "Prompt of equal length on which it does not.") Prompt corrupt,
            @Param(label = "Answer", help = "Right next token, with its leading space, or ids:N.") Prompt answer,
            @Param(label = "Foil", help = "Wrong next token that the answer is compared with.") Prompt foil,
            @Param(label = "Site", defaultValue = "resid-pre", help = "Which activation is patched, in which pieces.")
                    PatchSite site,
            @Param(
                            label = "Mode",
                            defaultValue = "denoise",
                            help = "Put clean activations into the corrupt run, or the other way round.")
                    Mode mode) {}

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("activation-patch", "Activation patching", AnalysisInfo.Area.PATCH)
                .measures("How much of the difference between a clean and a corrupt prompt one activation carries.")
                .formula("LD = logit[answer] - logit[foil] at the last position. "
                        + "denoise: (LD_patched - LD_corrupt) / (LD_clean - LD_corrupt); "
                        + "noise: (LD_clean - LD_patched) / (LD_clean - LD_corrupt)")
                .source("Meng et al. 2202.05262; Zhang and Nanda 2309.16042; Heimersheim and Nanda 2404.15255; "
                        + "TransformerLens patching.py for sites and grid shapes")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Token replacement instead of noise, one prompt pair, last position. Keys and values are patched "
                                + "per key-value head. Values outside 0 to 1 are shown as they are.")
                .cost(
                        "One partial forward per cell, from the patched layer and position on, batched; plus two forwards.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public PatchFindings run(AnalysisContext context, Parameters parameters, Progress progress) {
        PatchPair pair = PatchPair.of(context, parameters);
        var grid = new PatchGrid(
                parameters.site(), context.model().config().dims(), pair.base().positions());
        progress.report(0, 0, "clean and corrupt run");
        try (RunResult source = context.model()
                        .run(StandingRun.of(context, pair.other().batch())
                                .capture(grid.sites(context.model().sites()))
                                .lastLogits()
                                .build());
                BaseRun base = BaseRun.of(context.model(), pair.base().batch(), context.standing())) {
            double here = new SweepEngine()
                    .run(base, List.of(), pair.metric(), SweepListener.NONE)
                    .base();
            PatchGap gap = new PatchGap(here, pair.difference(source), parameters.mode());
            gap.requireWide();
            var sweep = new ResumableSweep(
                    context, progress, "patching", values -> progress.partial(gap.effects(EFFECT, grid, values)));
            ResumableSweep.Outcome outcome = sweep.run(base, grid.cells(source.cache()), pair.metric());
            return findings(parameters.site(), grid, gap, outcome, base);
        }
    }

    private static PatchFindings findings(
            PatchSite site, PatchGrid grid, PatchGap gap, ResumableSweep.Outcome outcome, BaseRun base) {
        List<ReceiptSummary> receipts = new ArrayList<>();
        base.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
        String label = gap.mode() == Mode.DENOISE ? "clean into corrupt" : "corrupt into clean";
        receipts.add(outcome.receipts().summary(label, site.pattern()));
        return new PatchFindings(
                gap.clean(),
                gap.corrupt(),
                gap.effects(EFFECT, grid, outcome.values()),
                grid.panel(PATCHED, Quantity.signed("logit difference", "logits"), outcome.values()),
                receipts);
    }
}
