package org.headscope.analysis.patching;

import com.google.auto.service.AutoService;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridBuilder;
import org.headscope.analysis.result.HeadPairGrid;
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
import org.headscope.analysis.sweep.ReceiptSums;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.BaseRun;

/** What each head adds to the queries, keys or values of each later head, with the norm's scale held: a linear path. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class DirectPaths implements Analysis<DirectPaths.Parameters, Findings> {
    static final String EFFECT = "Direct path effect";
    static final String STRONGEST = "Strongest direct paths";
    private static final int SHOWN = 10;

    /** What of a later head receives. */
    public enum Component {
        /** Queries. */
        Q(SiteKind.Q),
        /** Keys, per key-value head. */
        K(SiteKind.K),
        /** Values, per key-value head. */
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
     * @param component what of later heads receives
     * @param senders heads that send; empty for all
     */
    public record Parameters(
            @Param(label = "Clean prompt", help = "Prompt on which the model gives the answer.") Prompt clean,
            @Param(label = "Corrupt prompt", help = "Prompt of equal length on which it does not.") Prompt corrupt,
            @Param(label = "Answer", help = "Right next token, with its leading space, or ids:N.") Prompt answer,
            @Param(label = "Foil", help = "Wrong next token that the answer is compared with.") Prompt foil,
            @Param(label = "Component", defaultValue = "q", help = "What of later heads receives.") Component component,
            @Param(
                            label = "Senders",
                            defaultValue = "",
                            help = "Heads that send, as layer.head, separated by commas; all of them without any.")
                    List<String> senders) {
        /** Copies the list. */
        public Parameters {
            senders = List.copyOf(senders);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("direct-path", "Direct paths between heads", AnalysisInfo.Area.PATCH)
                .measures(
                        "How much of the answer each head restores through what each later head reads of it directly.")
                .formula("Corrupt run; q, k or v of the receiver += dx W, dx = (z_clean - z_corrupt) W_O of the sender,"
                        + " centred for LayerNorm, times the gain of ln1, over its scale in the corrupt run; everything"
                        + " behind recomputed. Effect: (LD_patched - LD_corrupt) / (LD_clean - LD_corrupt)")
                .source("TransformerLens get_act_patch_direct_path (denoising, linear)")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The same numbers whether or not norms are folded into the weights. Linear: the norm's scale does"
                                + " not react, MLPs carry nothing; path-patch is the other definition. Blank where the"
                                + " receiver is not behind the sender. Keys and values have one column per key-value head.")
                .cost(
                        "Three forwards, and one partial forward per pair of heads, from the receiver's layer on, batched.")
                .approximates("the path effect with norms recomputed (path-patch, from corrupt to clean)")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        Dims dims = context.model().config().dims();
        int heads = parameters.component().kind().perKvHead() ? dims.kvHeads() : dims.heads();
        return 3
                + senders(dims, parameters).stream()
                        .mapToDouble(sender -> IntStream.range(sender.layer() + 1, dims.layers())
                                .mapToDouble(layer -> heads * (1 - (double) layer / dims.layers()))
                                .sum())
                        .sum();
    }

    private static List<MaskUnit> senders(Dims dims, Parameters parameters) {
        MaskShape shape = MaskShape.of(dims);
        return parameters.senders().isEmpty()
                ? shape.units(MaskUnit.Kind.HEAD)
                : HeadList.parse("senders", parameters.senders(), shape);
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        refuse(context.model());
        Dims dims = context.model().config().dims();
        List<MaskUnit> senders = senders(dims, parameters);
        PatchPair pair = PatchPair.of(context, denoising(parameters));
        progress.report(0, 0, "clean and corrupt run");
        try (LinearPaths paths =
                        LinearPaths.of(context, pair, parameters.component().kind());
                BaseRun base = BaseRun.of(context.model(), pair.base().batch(), context.standing())) {
            paths.gap().requireWide();
            MaskShape receivers = paths.receivers();
            GridBuilder grid = Grid.builder(
                    Axis.labelled(Axis.SENDER, labels(senders)),
                    Axis.labelled(Axis.RECEIVER, labels(receivers.units(MaskUnit.Kind.HEAD))));
            ReceiptSums receipts = new ReceiptSums();
            receipts.add(base.receipts().stream().map(ReceiptSummary::of).toList());
            for (int s = 0; s < senders.size(); s++) {
                progress.checkCancelled();
                double[] values = paths.from(senders.get(s), base, progress, receipts);
                int first = receivers.layers() * receivers.heads() - values.length;
                for (int r = 0; r < values.length; r++) {
                    grid.set(paths.gap().effect(values[r]), s, first + r);
                }
                progress.report(s + 1L, senders.size(), "direct paths");
            }
            return findings(grid.snapshot(), paths, parameters, receipts);
        }
    }

    private static Findings findings(Grid grid, LinearPaths paths, Parameters parameters, ReceiptSums receipts) {
        String what = parameters.component().name().toLowerCase(Locale.ROOT);
        List<Panel> panels = List.of(
                new HeadPairGrid(EFFECT, Quantity.signed("normalised logit difference", ""), grid),
                strongest(grid),
                new Table(
                        PathFindings.SEMANTICS,
                        List.of(Table.Column.text("what"), Table.Column.text("how")),
                        List.of(
                                List.of("run", "corrupt; senders from clean (denoising)"),
                                List.of("receivers", "attn.hook_" + what + " of every later head, one at a time"),
                                List.of("between", "nothing moves: neither heads nor MLPs"),
                                List.of("norms", "linear, at their scale in the corrupt run"),
                                List.of(
                                        "logit difference clean",
                                        number(paths.gap().clean())),
                                List.of(
                                        "logit difference corrupt",
                                        number(paths.gap().corrupt())))));
        return Findings.of(panels, receipts.all());
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.5f", value);
    }

    private static Table strongest(Grid grid) {
        int receivers = grid.shape()[1];
        List<List<Object>> rows = IntStream.range(0, grid.size())
                .boxed()
                .filter(i -> !Double.isNaN(grid.valueAt(i)))
                .sorted(Comparator.comparingDouble((Integer i) -> -Math.abs(grid.valueAt(i))))
                .limit(SHOWN)
                .<List<Object>>map(i -> List.of(
                        grid.axes().get(0).label(i / receivers),
                        grid.axes().get(1).label(i % receivers),
                        grid.valueAt(i)))
                .toList();
        return new Table(
                STRONGEST,
                List.of(Table.Column.text("sender"), Table.Column.text("receiver"), Table.Column.number("effect", "")),
                rows);
    }

    private static List<String> labels(List<MaskUnit> heads) {
        return heads.stream().map(MaskUnit::label).toList();
    }

    private static void refuse(HookedTransformer model) {
        String why = null;
        if (model.config().block().arrangement() == Arrangement.POST_NORM) {
            why = "its norms stand behind every addition, so heads do not read the residual stream through one";
        } else if (model.weights().blocks().stream()
                .anyMatch(block -> block.norms().ln1Post() != null)) {
            why = "a norm stands behind attention, so what a head adds is not linear in its output";
        }
        if (why != null) {
            throw new HeadscopeException("Linear direct paths do not apply to this "
                    + model.config().family() + " model: " + why + ". Use path-patch.");
        }
    }

    private static ActivationPatching.Parameters denoising(Parameters parameters) {
        return new ActivationPatching.Parameters(
                parameters.clean(),
                parameters.corrupt(),
                parameters.answer(),
                parameters.foil(),
                PatchSite.HEAD_Z,
                ActivationPatching.Mode.DENOISE);
    }
}
