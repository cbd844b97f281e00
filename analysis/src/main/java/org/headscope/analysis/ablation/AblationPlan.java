package org.headscope.analysis.ablation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.sweep.SweepCell;

/** The cells of an ablation sweep: all heads in row order, then all attention layers, then all MLPs. */
final class AblationPlan {
    static final String EFFECT = "Ablation effect";
    static final String METRIC = "Metric when ablated";
    static final String LAYERS = "Ablation effect by layer";
    static final String FULL = "Full model";

    private final Dims dims;
    private final boolean mlps;
    private final Ablation how;
    private final AblationMetric metric;

    AblationPlan(ModelConfig config, Ablation how, AblationMetric metric) {
        this.dims = config.dims();
        this.mlps = config.block().hasMlp() && how.mode() != Ablation.Mode.UNIFORM;
        this.how = how;
        this.metric = metric;
    }

    List<SweepCell> cells() {
        List<Target> targets = new ArrayList<>();
        for (int l = 0; l < dims.layers(); l++) {
            for (int h = 0; h < dims.heads(); h++) {
                targets.add(new Target.Head(l, h));
            }
        }
        IntStream.range(0, dims.layers()).forEach(l -> targets.add(new Target.AttentionLayer(l)));
        if (mlps) {
            IntStream.range(0, dims.layers()).forEach(l -> targets.add(new Target.Mlp(l)));
        }
        return targets.stream()
                .map(target -> SweepCell.of(new Intervention.Ablate(target, how)))
                .toList();
    }

    /** The head part of the sweep as it is measured, before effects are known. */
    HeadGrid metricPanel(double[] values) {
        return new HeadGrid(METRIC, metric.quantity(), heads(values));
    }

    Findings findings(ResumableSweep.Outcome outcome, AblationSource source, List<Receipt> standing) {
        double[] effects = Arrays.stream(outcome.values())
                .map(value -> metric.effect(outcome.base(), value))
                .toArray();
        List<Panel> panels = List.of(
                new HeadGrid(EFFECT, metric.effectQuantity(), heads(effects)),
                metricPanel(outcome.values()),
                layers(effects),
                settings(outcome.base(), source));
        List<ReceiptSummary> receipts = new ArrayList<>();
        standing.forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
        String label = how.mode().label() + (how instanceof Ablation.Gate gate ? " " + gate.gate() : "");
        String site = how.mode() == Ablation.Mode.UNIFORM ? "blocks.*.attn.hook_pattern" : "blocks.*.attn.hook_z";
        receipts.add(outcome.receipts().summary(label, mlps ? site + ", blocks.*.hook_mlp_out" : site));
        return Findings.of(panels, receipts);
    }

    private Grid heads(double[] values) {
        int count = dims.layers() * dims.heads();
        return Grid.of(List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads())), Arrays.copyOf(values, count));
    }

    private Curve layers(double[] effects) {
        int start = dims.layers() * dims.heads();
        List<Curve.Line> lines = new ArrayList<>();
        lines.add(line("attention (all heads)", effects, start));
        if (mlps) {
            lines.add(line("MLP", effects, start + dims.layers()));
        }
        return new Curve(LAYERS, Quantity.unsigned("layer", ""), metric.effectQuantity(), lines);
    }

    private Curve.Line line(String name, double[] effects, int start) {
        List<Double> x =
                IntStream.range(0, dims.layers()).mapToObj(l -> (double) l).toList();
        List<Double> y =
                Arrays.stream(effects, start, start + dims.layers()).boxed().toList();
        return new Curve.Line(name, x, y);
    }

    private Table settings(double base, AblationSource source) {
        return new Table(
                FULL,
                List.of(
                        Table.Column.text("metric"),
                        Table.Column.number("full model", metric.quantity().unit()),
                        Table.Column.text("mode"),
                        Table.Column.text("reference")),
                List.of(List.of(metric.quantity().name(), base, how.mode().label(), source.reference())));
    }
}
