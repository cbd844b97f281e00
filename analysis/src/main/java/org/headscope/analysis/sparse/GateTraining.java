package org.headscope.analysis.sparse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.StreamingWindow;
import org.headscope.hooks.train.StreamingGates;
import org.headscope.hooks.train.StreamingGates.Loss;
import org.headscope.hooks.train.StreamingGates.Sample;

/** Learns the gates of a model, and keeps what the loss was on the way. */
final class GateTraining {
    static final String GATES = "Full attention heads";
    static final String CURVE = "Loss while training";

    private static final int SHOWN = 20;

    private final AnalysisContext context;
    private final StreamingWindow window;
    private final Pace pace;
    private final List<Loss> losses = new ArrayList<>();
    private List<ReceiptSummary> receipts = List.of();

    /**
     * How it goes on.
     *
     * @param rate highest learning rate
     * @param weight of the mean gate in the loss
     */
    record Pace(double rate, double weight) {
        /** The rate of a step: up in the first fifth, down in the last, never below a tenth. */
        double at(int step, int steps) {
            double fifth = Math.max(1, steps / 5);
            double up = Math.max((step + 1) / fifth, 0.1);
            double down = Math.max((steps - step) / fifth, 0.1);
            return rate * Math.min(1, Math.min(up, down));
        }
    }

    GateTraining(AnalysisContext context, StreamingWindow window, Pace pace) {
        this.context = context;
        this.window = window;
        this.pace = pace;
    }

    /** One step for each text; the gates after the last, layer after layer. */
    double[] run(List<Sample> samples, Progress progress) {
        try (StreamingGates gates = new StreamingGates(context.model(), window, context.standing())) {
            for (int step = 0; step < samples.size(); step++) {
                progress.checkCancelled();
                Loss loss = gates.learn(samples.get(step), pace.weight());
                gates.step(pace.at(step, samples.size()));
                losses.add(loss);
                progress.report(
                        step + 1L,
                        samples.size(),
                        String.format(Locale.ROOT, "training gates, loss %.4f", loss.total()));
                if (step % SHOWN == SHOWN - 1) {
                    progress.partial(grid(context.model().config().dims(), gates.values()));
                }
            }
            receipts = gates.receipts().stream().map(ReceiptSummary::of).toList();
            return gates.values();
        }
    }

    static HeadGrid grid(Dims dims, double[] gates) {
        Grid grid = Grid.of(List.of(Axis.layers(dims.layers()), Axis.kvHeads(dims.kvHeads())), gates);
        return new HeadGrid(GATES, Quantity.unsigned("gate alpha", ""), grid);
    }

    Curve curve() {
        List<Double> steps = new ArrayList<>();
        List<Double> distances = new ArrayList<>();
        List<Double> penalties = new ArrayList<>();
        for (Loss loss : losses) {
            steps.add((double) steps.size() + 1);
            distances.add(loss.distance());
            penalties.add(loss.penalty());
        }
        return new Curve(
                CURVE,
                Quantity.unsigned("step", ""),
                Quantity.unsigned("loss", ""),
                List.of(
                        new Curve.Line("distance of hidden states", steps, distances),
                        new Curve.Line("penalty on gates", steps, penalties)));
    }

    /** What acted in the last step. */
    List<ReceiptSummary> receipts() {
        return receipts;
    }
}
