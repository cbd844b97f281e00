package org.headscope.analysis.patching;

import com.google.auto.service.AutoService;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.site.SiteKind;

/** Direct paths between heads as TransformerLens patches them: linear, through no MLP, with the norm's denominator held. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class DirectPathPatching implements Analysis<DirectPathPatching.Parameters, Findings> {
    /** Title of the panel of normalised effects. */
    public static final String EFFECT = "Direct path effect";
    /** Title of the panel of raw logit differences. */
    public static final String PATCHED = "Logit difference when patched";

    /** What of the later head gets the earlier one's change. */
    public enum Component {
        /** Its queries. */
        Q(SiteKind.Q),
        /** Its keys, per key-value head. */
        K(SiteKind.K),
        /** Its values, per key-value head. */
        V(SiteKind.V);

        private final SiteKind kind;

        Component(SiteKind kind) {
            this.kind = kind;
        }

        SiteKind kind() {
            return kind;
        }
    }

    /**
     * Parameters.
     *
     * @param clean prompt with the answer
     * @param corrupt prompt without it, with as many tokens
     * @param answer right next token
     * @param foil wrong next token
     * @param component which input of later heads
     * @param sources sending heads; empty for all
     */
    public record Parameters(
            @Param(label = "Clean prompt", help = "Prompt on which the model gives the answer.") Prompt clean,
            @Param(label = "Corrupt prompt", help = "Prompt of equal length on which it does not.") Prompt corrupt,
            @Param(label = "Answer", help = "Right next token, with its leading space, or ids:N.") Prompt answer,
            @Param(label = "Foil", help = "Wrong next token that the answer is compared with.") Prompt foil,
            @Param(label = "Component", defaultValue = "q", help = "Which input of later heads is changed.")
                    Component component,
            @Param(
                            label = "Sending heads",
                            defaultValue = "",
                            help = "As layer.head, separated by commas; empty for all. One gives a grid over heads,"
                                    + " several a grid over pairs.")
                    List<String> sources) {
        /** Copies the list. */
        public Parameters {
            sources = List.copyOf(sources);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("direct-path-patch", "Direct path patching", AnalysisInfo.Area.PATCH)
                .measures(
                        "How much of the answer one head carries to the queries, keys or values of each later head, on no"
                                + " detour.")
                .formula(
                        "Corrupt run; x of the receiver += norm'(z_clean - z_corrupt of the sender times its W_O) W_x, x in"
                                + " q, k, v, before rotation. norm' takes the mean away (LayerNorm), multiplies with the gain and"
                                + " divides by the corrupt run's denominator. Effect: (LD_patched - LD_corrupt) / (LD_clean -"
                                + " LD_corrupt), LD = logit[answer] - logit[foil]")
                .source("TransformerLens tools/analysis/direct_path_patching.py: get_act_patch_direct_path and"
                        + " get_act_patch_direct_path_all_sources")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Not the path patching of Wang et al.: path-patch noises, recomputes norms and lets MLPs answer."
                                + " Weights need no folding, because the gain is applied here. A receiver that is not"
                                + " later gets 0, in a grid over pairs nothing.")
                .cost(
                        "Per pair of heads one partial forward, from the receiver's layer on, batched; plus two forwards.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        Dims dims = context.model().config().dims();
        int columns = parameters.component().kind().perKvHead() ? dims.kvHeads() : dims.heads();
        double cells = senders(dims, parameters).stream()
                .mapToInt(sender -> (dims.layers() - 1 - sender.layer()) * columns)
                .sum();
        return 2 + cells / 2;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        requireLinear(context.model().config(), context);
        Dims dims = context.model().config().dims();
        List<MaskUnit> senders = senders(dims, parameters);
        PatchPair pair = PatchPair.of(
                context,
                new ActivationPatching.Parameters(
                        parameters.clean(),
                        parameters.corrupt(),
                        parameters.answer(),
                        parameters.foil(),
                        PatchSite.HEAD_Z,
                        ActivationPatching.Mode.DENOISE));
        var grid = new DirectGrid(dims, parameters.component().kind(), senders);
        return new DirectSweep(context, pair, grid).run(progress);
    }

    private static List<MaskUnit> senders(Dims dims, Parameters parameters) {
        if (parameters.sources().isEmpty()) {
            return IntStream.range(0, dims.layers() * dims.heads())
                    .mapToObj(i -> MaskUnit.head(i / dims.heads(), i % dims.heads()))
                    .toList();
        }
        return HeadList.parse("sources", parameters.sources(), new MaskShape(dims.layers(), dims.heads())).stream()
                .distinct()
                .toList();
    }

    private static void requireLinear(ModelConfig config, AnalysisContext context) {
        boolean normed = context.model().weights().blocks().stream()
                .anyMatch(block -> block.norms().ln1Post() != null);
        if (config.block().arrangement() == Arrangement.POST_NORM || normed) {
            throw new HeadscopeException("Direct path patching does not apply to this " + config.family()
                    + " model: a norm stands between what heads write and the residual stream, so a head's change does not"
                    + " simply arrive at later heads. Use path-patch.");
        }
    }
}
