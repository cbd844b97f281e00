package org.headscope.analysis.detect;

import com.google.auto.service.AutoService;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.mask.RandomControl;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
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
import org.headscope.analysis.stat.ControlTest;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.jspecify.annotations.Nullable;

/** What becomes of the attention to a sink when MLPs are skipped or heads are masked. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class SinkDecay implements Analysis<SinkDecay.Parameters, Findings> {
    static final String DECAY = "Sink decay by layer";
    static final String BEFORE = "Attention to the sink before";
    static final String AFTER = "Attention to the sink after";
    static final String CHANCE = "Pooled decay over all layers, against random parts";

    /* So many draws for each control that is wanted find practically all when there are few different ones. */
    private static final int PATIENCE = 20;

    /**
     * Parameters.
     *
     * @param heads heads that are masked
     * @param mlps MLPs that are skipped
     * @param sinks positions of the sink
     * @param text natural text, cut into sequences
     * @param sequences most sequences
     * @param length tokens per sequence
     * @param bos whether a beginning-of-sequence token stands in front
     * @param controls number of random sets
     */
    public record Parameters(
            @Param(label = "Heads", defaultValue = "", help = "Heads to mask (z = 0), as layer.head, with commas.")
                    List<String> heads,
            @Param(
                            label = "MLPs",
                            defaultValue = "",
                            min = 0,
                            help = "Layers whose MLP is skipped; without heads and MLPs, the first.")
                    List<Integer> mlps,
            @Param(label = "Sink positions", defaultValue = "0", min = 0, help = "Positions of the sink, from 0.")
                    List<Integer> sinks,
            @Param(label = "Text", help = "Natural text, cut into sequences; without it made-up stories or random ids.")
                    @Nullable
                    Prompt text,
            @Param(label = "Sequences", min = 1, max = 1000, defaultValue = "10", help = "How many sequences at most.")
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
                            label = "BOS",
                            defaultValue = "true",
                            help = "Whether a beginning-of-sequence token stands in front, where its id is known.")
                    boolean bos,
            @Param(
                            label = "Controls",
                            defaultValue = "19",
                            min = 1,
                            help = "Different random sets of as many heads and MLPs.")
                    int controls) {
        /** Copies the lists. */
        public Parameters {
            heads = List.copyOf(heads);
            mlps = List.copyOf(mlps);
            sinks = List.copyOf(sinks);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of("sink-decay", "Sink decay", AnalysisInfo.Area.ABLATE)
                .measures("Which share of the attention to a sink is gone when MLPs are skipped or heads are masked.")
                .formula("D = 1 - mean over heads of (sum over the sink of p'[t, i] / sum over the sink of p[t, i]), p "
                        + "attention before and p' after, averaged over queries t behind the sink and over sequences; "
                        + "pooled: 1 - sum p' / sum p")
                .source("Su et al. 2507.23279, equation 7")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "The paper removes experts, here it is MLPs (skipped with their bias) and heads (z = 0). Heads "
                                + "that hardly attend to the sink can make the mean of ratios anything; the pooled ratio "
                                + "is safe from that. Queries that cannot see the sink (windows) are left out of the mean. "
                                + "Random parts share none with the chosen ones and differ from each other, so that there are fewer "
                                + "than asked for where a model has no more; p = (1 + number of random sets with at "
                                + "least as much pooled decay) / (1 + n).")
                .cost("One forward per batch of sequences, for the full model, the set and each control.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public double forwards(AnalysisContext context, Parameters parameters) {
        return (double) parameters.sequences() * (2 + parameters.controls());
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        Parts parts = Parts.of(context, parameters);
        SinkSequences of = new Calibration(
                        parameters.text(), parameters.sequences(), parameters.length(), parameters.bos())
                .draw(context);
        Set<Integer> sinks = sinks(parameters, of.ids()[0].length);
        IntConsumer check = done -> progress.checkCancelled();
        List<Parts> random = parts.controls(parameters.controls(), context.seed());
        SinkMass before = SinkMass.of(context, of.ids(), sinks, List.of(), check);
        progress.report(1, 2 + random.size(), of.label());
        SinkMass after = SinkMass.of(context, of.ids(), sinks, parts.off(), check);
        double[] controls = new double[random.size()];
        for (int i = 0; i < controls.length; i++) {
            progress.report(2 + i, 2 + controls.length, "random parts");
            controls[i] = before.pooledDecay(
                    SinkMass.of(context, of.ids(), sinks, random.get(i).off(), check));
        }
        List<ReceiptSummary> receipts = after.receipts();
        List<Panel> panels = new ArrayList<>(panels(context, before, after));
        panels.add(new ControlTest(before.pooledDecay(after), controls).table(CHANCE, "share"));
        return new ScanFindings(panels, receipts);
    }

    private static Set<Integer> sinks(Parameters parameters, int length) {
        Set<Integer> sinks = new TreeSet<>(parameters.sinks());
        if (sinks.isEmpty() || sinks.stream().anyMatch(sink -> sink >= length - 1)) {
            throw ParameterException.refused(
                    "sinks", parameters.sinks().toString(), "one or more positions from 0 to " + (length - 2));
        }
        return sinks;
    }

    private static List<Panel> panels(AnalysisContext context, SinkMass before, SinkMass after) {
        Dims dims = context.model().config().dims();
        HeadScores decay = new HeadScores(dims.layers(), Axis.of(Axis.SERIES, 2));
        HeadScores was = new HeadScores(dims);
        HeadScores is = new HeadScores(dims);
        for (int s = 0; s < before.shares().length; s++) {
            decay.open();
            was.open();
            is.open();
            for (int l = 0; l < dims.layers(); l++) {
                decay.set(s, l, 0, before.meanDecay(after, s, l));
                decay.set(s, l, 1, before.pooledDecay(after, s, l));
                for (int h = 0; h < dims.heads(); h++) {
                    was.set(s, l, h, before.mean(s, l, h));
                    is.set(s, l, h, after.mean(s, l, h));
                }
            }
        }
        Quantity attention = Quantity.unsigned("attention to the sink", "");
        long seed = context.seed();
        return List.of(
                new Curve(
                        DECAY,
                        Quantity.unsigned("layer", ""),
                        Quantity.signed("share of the attention that is gone", ""),
                        List.of(decay.line("mean of ratios", 0, seed), decay.line("pooled", 1, seed))),
                was.panel(BEFORE, attention, seed),
                is.panel(AFTER, attention, seed));
    }

    /** Heads that are masked and MLPs that are skipped. */
    private record Parts(HeadMask heads, List<Integer> mlps, int layers) {
        static Parts of(AnalysisContext context, Parameters parameters) {
            MaskShape shape = MaskShape.of(context.model().config().dims());
            boolean hasMlp = context.model().config().block().hasMlp();
            if (parameters.heads().isEmpty() && parameters.mlps().isEmpty() && !hasMlp) {
                throw ParameterException.refused("heads", "", "heads to mask: this model has no MLPs to skip");
            }
            List<Integer> mlps =
                    parameters.heads().isEmpty() && parameters.mlps().isEmpty()
                            ? List.of(0)
                            : List.copyOf(new TreeSet<>(parameters.mlps()));
            for (int mlp : mlps) {
                if (mlp >= shape.layers() || !hasMlp) {
                    throw ParameterException.refused(
                            "mlps",
                            Integer.toString(mlp),
                            hasMlp ? "layers from 0 to " + (shape.layers() - 1) : "heads: this model has no MLPs");
                }
            }
            HeadMask none = HeadMask.none(shape);
            HeadMask mask = parameters.heads().isEmpty()
                    ? none
                    : none.with(HeadList.parse("heads", parameters.heads(), shape), MaskSetting.ZERO);
            Parts parts = new Parts(mask, mlps, shape.layers());
            if (2 * parts.mlps.size() > shape.layers()) {
                throw ParameterException.refused(
                        "mlps",
                        parameters.mlps().toString(),
                        "at most half of the layers, so that others can be drawn");
            }
            return parts;
        }

        /** All different; fewer than wanted where there are no more. */
        List<Parts> controls(int wanted, long seed) {
            Set<Parts> drawn = new LinkedHashSet<>();
            for (int i = 0; i < PATIENCE * wanted && drawn.size() < wanted; i++) {
                drawn.add(control(seed + i));
            }
            return List.copyOf(drawn);
        }

        private Parts control(long seed) {
            List<Integer> others = new ArrayList<>();
            for (int l = 0; l < layers; l++) {
                if (!mlps.contains(l)) {
                    others.add(l);
                }
            }
            Collections.shuffle(others, new Random(seed));
            HeadMask drawn = heads.isEmpty() ? heads : new RandomControl(seed, false, Set.of()).draw(heads);
            return new Parts(
                    drawn, others.subList(0, mlps.size()).stream().sorted().toList(), layers);
        }

        List<Intervention> off() {
            List<Intervention> off = new ArrayList<>();
            for (MaskUnit unit : heads.units(MaskUnit.Kind.HEAD)) {
                off.add(new Intervention.Ablate(new Target.Head(unit.layer(), unit.head()), new Ablation.Zero()));
            }
            mlps.forEach(mlp -> off.add(new Intervention.Skip(Intervention.Skip.Part.MLP, mlp)));
            return off;
        }
    }
}
