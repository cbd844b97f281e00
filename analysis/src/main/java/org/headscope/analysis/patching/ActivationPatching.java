package org.headscope.analysis.patching;

import com.google.auto.service.AutoService;
import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.config.ModelConfig;

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
     * @param layers only these layers; empty for all
     * @param heads only these heads of each layer, key-value heads at keys and values; empty for all
     * @param positions only these positions, of the query at patterns; empty for all
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
                    Mode mode,
            @Param(
                            label = "Layers",
                            min = 0,
                            defaultValue = "",
                            help = "Only these, separated by commas; empty for all.")
                    List<Integer> layers,
            @Param(
                            label = "Heads",
                            min = 0,
                            defaultValue = "",
                            help = "Only these of each layer (key-value heads at keys and values); empty for all.")
                    List<Integer> heads,
            @Param(
                            label = "Positions",
                            min = 0,
                            defaultValue = "",
                            help = "Only these, of the query at patterns; empty for all.")
                    List<Integer> positions) {
        /** Copies the lists. */
        public Parameters {
            layers = List.copyOf(layers);
            heads = List.copyOf(heads);
            positions = List.copyOf(positions);
        }

        /**
         * All positions.
         *
         * @param clean prompt with the answer
         * @param corrupt prompt without it, with as many tokens
         * @param answer right next token
         * @param foil wrong next token
         * @param site where to patch
         * @param mode direction
         * @param layers only these layers; empty for all
         * @param heads only these heads of each layer; empty for all
         */
        public Parameters(
                Prompt clean,
                Prompt corrupt,
                Prompt answer,
                Prompt foil,
                PatchSite site,
                Mode mode,
                List<Integer> layers,
                List<Integer> heads) {
            this(clean, corrupt, answer, foil, site, mode, layers, heads, List.of());
        }

        /**
         * All layers, heads and positions.
         *
         * @param clean prompt with the answer
         * @param corrupt prompt without it, with as many tokens
         * @param answer right next token
         * @param foil wrong next token
         * @param site where to patch
         * @param mode direction
         */
        public Parameters(Prompt clean, Prompt corrupt, Prompt answer, Prompt foil, PatchSite site, Mode mode) {
            this(clean, corrupt, answer, foil, site, mode, List.of(), List.of(), List.of());
        }
    }

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
                                + "per key-value head. Values outside 0 to 1 are shown as they are. Pairs of positions "
                                + "that attention cannot reach have exactly 0.")
                .cost(
                        "One partial forward per cell, from the patched layer and position on, batched; plus two forwards.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        if (parameters.site().layout() != PatchSite.Layout.HEADS) {
            return Double.NaN;
        }
        PatchGrid grid = grid(context, parameters, Axis.of(Axis.POSITION, 0));
        // From its own layer on, a patch costs half a forward on average.
        return 2 + grid.size() / 2.0;
    }

    @Override
    public PatchFindings run(AnalysisContext context, Parameters parameters, Progress progress) {
        PatchPair pair = PatchPair.of(context, parameters);
        PatchGrid grid = grid(context, parameters, pair.base().positions());
        var sweep = new PatchSweep(context, pair, parameters.mode(), List.of(grid));
        PatchSweep.Swept swept =
                sweep.run(progress, (gap, values) -> progress.partial(gap.effects(EFFECT, grid, values.get(0))));
        double[] patched = swept.values().get(0);
        return new PatchFindings(
                swept.gap().clean(),
                swept.gap().corrupt(),
                swept.gap().effects(EFFECT, grid, patched),
                grid.panel(PATCHED, Quantity.signed("logit difference", "logits"), patched),
                swept.receipts());
    }

    private static PatchGrid grid(AnalysisContext context, Parameters parameters, Axis positions) {
        ModelConfig config = context.model().config();
        PatchRange range = PatchRange.of(parameters, config.dims(), positions.size());
        return PatchGrid.of(parameters.site(), config, positions, range);
    }
}
