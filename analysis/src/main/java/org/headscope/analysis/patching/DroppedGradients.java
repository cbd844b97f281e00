package org.headscope.analysis.patching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.GradientStop;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * First-order effects along all paths, and again along all paths that avoid what one layer writes, for each layer
 * (GradDrop). The same prompt fills the rows of a batch and each row drops another layer, so that many drops share one
 * backward pass.
 */
final class DroppedGradients {
    private static final int NONE = -1;
    private static final int TOKENS_AT_ONCE = 1024;
    private static final long PATTERN_NUMBERS_AT_ONCE = 16_000_000;

    private final AnalysisContext context;
    private final PatchPair pair;
    private final List<HookSite> sites;

    /** {@code sites}: where gradients are taken, one per layer. */
    DroppedGradients(AnalysisContext context, PatchPair pair, List<HookSite> sites) {
        this.context = context;
        this.pair = pair;
        this.sites = List.copyOf(sites);
    }

    /**
     * What comes of it.
     *
     * @param metric logit difference of the base run
     * @param plain changes along all paths {@code [cell]}
     * @param dropped changes without each layer {@code [layer][cell]}, empty when none was dropped
     * @param receipts of the standing interventions
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Changes(double metric, double[] plain, double[][] dropped, List<ReceiptSummary> receipts) {}

    /** Runs all rows; {@code estimate} gives changes {@code [row][cell]} from the gradients of a batch. */
    Changes run(boolean drop, Function<Gradients.Result, double[][]> estimate, Progress progress) {
        Dims dims = context.model().config().dims();
        int[] drops = IntStream.range(NONE, drop ? dims.layers() : 0).toArray();
        List<double[]> changes = new ArrayList<>();
        List<ReceiptSummary> receipts = new ArrayList<>();
        double metric = Double.NaN;
        int step = rowsAtOnce(dims);
        for (int from = 0; from < drops.length; from += step) {
            progress.checkCancelled();
            progress.report(from, drops.length, "backward passes");
            int[] rows = Arrays.copyOfRange(drops, from, Math.min(drops.length, from + step));
            try (Gradients.Result result = new Gradients(context.model()).of(request(rows), this::metric)) {
                changes.addAll(List.of(estimate.apply(result)));
                if (from == 0) {
                    metric = result.metric() / rows.length;
                    result.receipts().stream()
                            .filter(receipt -> !receipt.label().startsWith("gradient stop"))
                            .forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
                }
            }
        }
        return new Changes(
                metric, changes.get(0), changes.subList(1, changes.size()).toArray(double[][]::new), receipts);
    }

    private int rowsAtOnce(Dims dims) {
        long length = pair.base().length();
        long patterns = dims.layers() * dims.heads() * length * length;
        boolean square = sites.get(0).kind() == SiteKind.PATTERN;
        long most = square ? PATTERN_NUMBERS_AT_ONCE / patterns : Long.MAX_VALUE;
        return (int) Math.max(1, Math.min(TOKENS_AT_ONCE / length, most));
    }

    private RunRequest request(int[] drops) {
        int[][] ids = IntStream.range(0, drops.length)
                .mapToObj(row -> pair.base().ids())
                .toArray(int[][]::new);
        return StandingRun.of(context, TokenBatch.of(ids))
                .edits(stops(drops))
                .capture(sites)
                .lastLogits()
                .build();
    }

    private List<SiteEdit> stops(int[] drops) {
        boolean mlps = context.model().config().block().hasMlp();
        List<SiteEdit> stops = new ArrayList<>();
        for (int layer : drops) {
            if (layer != NONE) {
                boolean[] rows = new boolean[drops.length];
                for (int row = 0; row < rows.length; row++) {
                    rows[row] = drops[row] == layer;
                }
                stops.add(new GradientStop(HookSite.of(SiteKind.ATTN_OUT, layer), rows));
                if (mlps) {
                    stops.add(new GradientStop(HookSite.of(SiteKind.MLP_OUT, layer), rows));
                }
            }
        }
        return stops;
    }

    /** Rows do not touch each other, so the gradient of their sum is that of each. */
    private NDArray metric(NDArray logits) {
        return column(logits, pair.answer()).sub(column(logits, pair.foil()));
    }

    private static NDArray column(NDArray logits, int token) {
        return logits.get(new NDIndex().addAllDim().addAllDim().addSliceDim(token, token + 1L))
                .sum();
    }
}
