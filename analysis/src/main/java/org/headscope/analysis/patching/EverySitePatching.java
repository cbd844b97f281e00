package org.headscope.analysis.patching;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.site.HookSite;

/** {@link ActivationPatching} at several sites in one run, as the {@code _every} functions of TransformerLens have it. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class EverySitePatching implements Analysis<EverySitePatching.Parameters, Findings> {
    /** Title of the table that holds both runs. */
    public static final String RUNS = "Clean and corrupt";

    /** Sites that are looked at together. */
    public enum Sites {
        /** Residual stream, attention output and MLP output, position by position. */
        BLOCKS(List.of(PatchSite.RESID_PRE, PatchSite.ATTN_OUT, PatchSite.MLP_OUT)),
        /** Output, queries, keys, values and pattern of each head, at all positions. */
        HEADS(List.of(PatchSite.HEAD_Z, PatchSite.HEAD_Q, PatchSite.HEAD_K, PatchSite.HEAD_V, PatchSite.HEAD_PATTERN)),
        /** The same, position by position. */
        HEADS_BY_POS(List.of(
                PatchSite.HEAD_Z_BY_POS,
                PatchSite.HEAD_Q_BY_POS,
                PatchSite.HEAD_K_BY_POS,
                PatchSite.HEAD_V_BY_POS,
                PatchSite.HEAD_PATTERN_BY_POS));

        private final List<PatchSite> sites;

        Sites(List<PatchSite> sites) {
            this.sites = sites;
        }

        /** {@return the sites, in the order of the panels} */
        public List<PatchSite> sites() {
            return sites;
        }
    }

    /**
     * Parameters.
     *
     * @param clean prompt with the answer
     * @param corrupt prompt without it, with as many tokens
     * @param answer right next token
     * @param foil wrong next token
     * @param sites where to patch
     * @param mode direction
     * @param layers only these layers; empty for all
     */
    public record Parameters(
            @Param(label = "Clean prompt", help = "Prompt on which the model gives the answer.") Prompt clean,
            @Param(label = "Corrupt prompt", help = "Prompt of equal length on which it does not.") Prompt corrupt,
            @Param(label = "Answer", help = "Right next token, with its leading space, or ids:N.") Prompt answer,
            @Param(label = "Foil", help = "Wrong next token that the answer is compared with.") Prompt foil,
            @Param(label = "Sites", defaultValue = "blocks", help = "Which activations are patched.") Sites sites,
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
                    List<Integer> layers) {
        /** Copies the list. */
        public Parameters {
            layers = List.copyOf(layers);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("activation-patch-every", "Activation patching at every site", AnalysisInfo.Area.PATCH)
                .measures(
                        "Which kind of activation carries the difference between a clean and a corrupt prompt, and where.")
                .formula(
                        "As activation-patch, one panel per site: resid_pre, attn_out, mlp_out [layer, position]; or z, q,"
                                + " k, v, pattern of heads [layer, head], or by position [layer, position, head], pattern [layer,"
                                + " head, position]")
                .source("TransformerLens patching.py: get_act_patch_block_every, get_act_patch_attn_head_all_pos_every,"
                        + " get_act_patch_attn_head_by_pos_every; Heimersheim and Nanda 2404.15255")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "One panel per site instead of one tensor: keys and values have a column per key-value head,"
                                + " without padding. A site that no block of the model has is left out and named.")
                .cost(
                        "One partial forward per cell, from the patched layer and position on, batched over all sites; plus"
                                + " two forwards.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        PatchPair pair = PatchPair.of(context, of(parameters));
        List<PatchSite> sites = present(context, parameters.sites());
        List<PatchGrid> grids = new ArrayList<>();
        for (PatchSite site : sites) {
            var config = context.model().config();
            PatchRange range = PatchRange.of(parameters.layers(), List.of(), site, config.dims());
            grids.add(PatchGrid.of(site, config, pair.base().positions(), range));
        }
        var sweep = new PatchSweep(context, pair, parameters.mode(), grids);
        PatchSweep.Swept swept = sweep.run(
                progress, (gap, values) -> effects(sites, grids, gap, values).forEach(progress::partial));
        List<Panel> panels = new ArrayList<>(effects(sites, grids, swept.gap(), swept.values()));
        Quantity logits = Quantity.signed("logit difference", "logits");
        for (int i = 0; i < grids.size(); i++) {
            String title = ActivationPatching.PATCHED + " at " + sites.get(i).pattern();
            panels.add(grids.get(i).panel(title, logits, swept.values().get(i)));
        }
        panels.add(runs(swept.gap(), missing(parameters.sites(), sites)));
        return Findings.of(panels, swept.receipts());
    }

    /**
     * The title of a panel of effects.
     *
     * @param site where
     * @return the title
     */
    public static String title(PatchSite site) {
        return ActivationPatching.EFFECT + " at " + site.pattern();
    }

    private static List<GridPanel> effects(
            List<PatchSite> sites, List<PatchGrid> grids, PatchGap gap, List<double[]> values) {
        List<GridPanel> panels = new ArrayList<>();
        for (int i = 0; i < grids.size(); i++) {
            panels.add(gap.effects(title(sites.get(i)), grids.get(i), values.get(i)));
        }
        return panels;
    }

    private static ActivationPatching.Parameters of(Parameters p) {
        return new ActivationPatching.Parameters(
                p.clean(), p.corrupt(), p.answer(), p.foil(), p.sites().sites().get(0), p.mode());
    }

    private static List<PatchSite> present(AnalysisContext context, Sites wanted) {
        List<PatchSite> present = wanted.sites().stream()
                .filter(site -> context.model().sites().has(HookSite.of(site.kind(), 0)))
                .toList();
        if (present.isEmpty()) {
            throw new HeadscopeException("This model has none of the sites " + wanted.sites() + ".");
        }
        return present;
    }

    private static String missing(Sites wanted, List<PatchSite> present) {
        return wanted.sites().stream()
                .filter(site -> !present.contains(site))
                .map(PatchSite::pattern)
                .collect(Collectors.joining(", "));
    }

    private static Table runs(PatchGap gap, String missing) {
        return new Table(
                RUNS,
                List.of(
                        Table.Column.number("clean logit difference", "logits"),
                        Table.Column.number("corrupt logit difference", "logits"),
                        Table.Column.text("sites that this model lacks")),
                List.of(List.of(gap.clean(), gap.corrupt(), missing.isEmpty() ? "none" : missing)));
    }
}
