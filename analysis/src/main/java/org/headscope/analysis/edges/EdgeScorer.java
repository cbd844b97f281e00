package org.headscope.analysis.edges;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.site.HookSite;

/**
 * Scores all edges at once: the difference that a writer makes between the corrupt and the clean run, times the slope of the
 * metric with respect to what the reader reads, ahead of its norm. A score is the predicted change of the logit difference
 * when this edge alone carries the corrupt value.
 */
final class EdgeScorer {
    private final AnalysisContext context;
    private final EdgeSpace space;
    private final EdgeMethod method;
    private final int steps;

    EdgeScorer(AnalysisContext context, EdgeSpace space, EdgeMethod method, int steps) {
        this.context = context;
        this.space = space;
        this.method = method;
        this.steps = steps;
    }

    /** What pairs give: {@code scores[pair][edge]} in logits, the logit differences of both runs, and what stood. */
    @SuppressWarnings("ArrayRecordComponent") // added up, never compared
    record Scored(double[][] scores, double[] clean, double[] corrupt, List<ReceiptSummary> receipts) {}

    /** Scores every pair of a set. */
    Scored score(ContrastSet set, Progress progress) {
        List<double[]> scores = new ArrayList<>();
        List<Double> clean = new ArrayList<>();
        List<Double> corrupt = new ArrayList<>();
        Map<String, ReceiptSummary> receipts = new LinkedHashMap<>();
        for (Contrast.Batch batch : set.batches()) {
            progress.report(scores.size(), set.size(), "attributing to edges");
            Scored part = score(batch, progress);
            scores.addAll(List.of(part.scores));
            part.receipts.forEach(one -> receipts.putIfAbsent(one.site() + " " + one.label(), one));
            for (int i = 0; i < batch.size(); i++) {
                clean.add(part.clean[i]);
                corrupt.add(part.corrupt[i]);
            }
        }
        progress.report(scores.size(), set.size(), "attributing to edges");
        return new Scored(
                scores.toArray(double[][]::new), numbers(clean), numbers(corrupt), List.copyOf(receipts.values()));
    }

    private static double[] numbers(List<Double> list) {
        return list.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private Scored score(Contrast.Batch batch, Progress progress) {
        try (Writes clean = Writes.of(context, space, batch.clean());
                Writes corrupt = Writes.of(context, space, batch.corrupt());
                NDManager owner = context.model().newManager()) {
            NDArray changes = Alias.of(corrupt.all(), owner).sub(clean.all());
            double[][] scores = new double[batch.size()][space.size()];
            var sum = new Sum(batch, changes, scores, progress);
            switch (method) {
                case EAP -> sum.at(0, 0, 1.0);
                case CLEAN_CORRUPTED -> {
                    sum.at(0, 0, 0.5);
                    sum.at(0, 1, 0.5);
                }
                case EAP_IG -> {
                    for (int k = 0; k < steps; k++) {
                        sum.at(0, 1 - (double) k / steps, 1.0 / steps);
                    }
                }
                case EAP_IG_ACTIVATIONS -> activations(sum);
            }
            List<ReceiptSummary> receipts =
                    clean.receipts().stream().map(ReceiptSummary::of).toList();
            double[] high = batch.differences(clean.logits());
            return new Scored(scores, high, batch.differences(corrupt.logits()), receipts);
        }
    }

    private void activations(Sum sum) {
        for (int writer = 0; writer < space.writers().size(); writer++) {
            for (int k = 0; k < steps; k++) {
                sum.of(writer, 1 - (double) k / steps, 1.0 / steps);
            }
        }
    }

    /** Adds up the products of differences and slopes over the points where slopes are taken. */
    private final class Sum {
        private final Contrast.Batch batch;
        private final NDArray changes;
        private final double[][] scores;
        private final Progress progress;

        private Sum(Contrast.Batch batch, NDArray changes, double[][] scores, Progress progress) {
            this.batch = batch;
            this.changes = changes;
            this.scores = scores;
            this.progress = progress;
        }

        /** The clean run with one writer moved a share of the way to its corrupt output; counts for all edges. */
        private void at(int writer, double share, double weight) {
            run(writer, share, weight, false);
        }

        /** The same, but counts only for the edges of that writer. */
        private void of(int writer, double share, double weight) {
            run(writer, share, weight, true);
        }

        private void run(int writer, double share, double weight, boolean own) {
            progress.checkCancelled();
            try (NDManager temporary = context.model().newManager()) {
                RunRequest request = request(writer, share, temporary);
                try (Gradients.Result slopes = new Gradients(context.model()).of(request, batch::sum);
                        NDManager products = slopes.manager().newSubManager()) {
                    for (EdgeSpace.Port port : space.ports()) {
                        if (!own || writer < port.writers()) {
                            add(port, slopes.gradients().get(port.site()), weight, own ? writer : -1, products);
                        }
                    }
                }
            }
        }

        private RunRequest request(int writer, double share, NDManager temporary) {
            RunRequest.Builder request = StandingRun.of(context, batch.clean()).lastLogits();
            if (share > 0) {
                EdgeSpace.Writer moved = space.writers().get(writer);
                NDArray shift = shift(writer, share, temporary);
                request.hook("move " + moved.id(), moved.site(), (value, point) -> value.add(shift));
            }
            for (EdgeSpace.Port port : space.ports()) {
                request.capture(port.site());
            }
            return request.build();
        }

        /** A share of the difference of one writer, nothing for those that share its site. */
        private NDArray shift(int writer, double share, NDManager temporary) {
            HookSite site = space.writers().get(writer).site();
            Shape shape = context.model()
                    .sites()
                    .shapeOf(site, batch.size(), batch.clean().length());
            float[] shares =
                    new float[site.kind().headAxis() < 0 ? 1 : space.dims().heads()];
            shares[Math.max(0, space.writers().get(writer).head())] = (float) share;
            int first = writer - Math.max(0, space.writers().get(writer).head());
            NDArray rows = Alias.of(changes, temporary)
                    .get(new NDIndex().addAllDim().addSliceDim(first, first + shares.length));
            NDArray scaled = rows.mul(temporary.create(shares, new Shape(1, shares.length, 1)));
            return Writes.shaped(scaled, shape);
        }

        /** The product is summed over positions and features; each row of the batch stays apart. */
        private void add(EdgeSpace.Port port, NDArray slope, double weight, int only, NDManager products) {
            NDArray before =
                    Alias.of(changes, products).get(new NDIndex().addAllDim().addSliceDim(0, port.writers()));
            NDArray flat = Writes.flat(Alias.of(slope, products));
            float[] product = flat.matMul(before.transpose(0, 2, 1)).toFloatArray();
            for (int b = 0; b < batch.size(); b++) {
                for (int e = 0; e < port.edges(); e++) {
                    if (only < 0 || e % port.writers() == only) {
                        scores[b][port.first() + e] += weight * product[b * port.edges() + e];
                    }
                }
            }
        }
    }
}
