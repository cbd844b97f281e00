package org.headscope.analysis.patching;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;
import org.headscope.hooks.sweep.SweepMetric;

/**
 * Path patching to the logits on one example after the other: each sender takes the values it has elsewhere, all other heads
 * are frozen, MLPs on the way are recomputed or frozen. What the sender has at the last position decides alone.
 */
public final class ExamplePaths {
    private final AnalysisContext context;
    private final List<PathSender> senders;
    private final PathPatching.Mlps mlps;

    /**
     * Prepares.
     *
     * @param context the model and what stands
     * @param senders what is moved, one set after the other
     * @param mlps what MLPs on the way do
     */
    public ExamplePaths(AnalysisContext context, List<PathSender> senders, PathPatching.Mlps mlps) {
        this.context = context;
        this.senders = List.copyOf(senders);
        this.mlps = mlps;
    }

    /**
     * What came of one example.
     *
     * @param base every metric without a sender, {@code [metric]}
     * @param values every metric with each sender moved, {@code [metric][sender]}
     * @param receipts proof that senders were moved
     */
    @SuppressWarnings("ArrayRecordComponent") // summed over, never compared
    public record Followed(double[] base, double[][] values, List<ReceiptSummary> receipts) {
        /**
         * How much a metric moves.
         *
         * @param metric its index
         * @return metric with the sender moved minus metric without, {@code [sender]}
         */
        public double[] changes(int metric) {
            double[] changes = values[metric].clone();
            for (int i = 0; i < changes.length; i++) {
                changes[i] -= base[metric];
            }
            return changes;
        }
    }

    /**
     * Follows all senders in one prompt.
     *
     * @param prompt token ids
     * @param source z and MLP outputs that senders take, {@code [1, 1, ..]}, as {@link EndActivations} has them
     * @param metrics what is read off the last position
     * @param title name of the example, also in the journal
     * @param progress told of finished senders; may cancel
     * @return all numbers
     */
    public Followed follow(
            int[] prompt,
            ActivationCache source,
            List<? extends SweepMetric> metrics,
            String title,
            Progress progress) {
        try (BaseRun base = BaseRun.of(context.model(), TokenBatch.of(prompt), context.standing());
                NDManager owner = context.model().newManager()) {
            List<SweepCell> cells = cells(prompt, source, owner, progress);
            double[] bases = new double[metrics.size()];
            double[][] values = new double[metrics.size()][];
            List<ReceiptSummary> receipts = new ArrayList<>();
            base.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
            for (int m = 0; m < metrics.size(); m++) {
                String name = metrics.size() == 1 ? title : title + ", reading " + (m + 1);
                ResumableSweep.Outcome outcome =
                        new ResumableSweep(context, progress, name, some -> {}).run(base, cells, metrics.get(m));
                bases[m] = outcome.base();
                values[m] = outcome.values();
                receipts.add(
                        outcome.receipts().summary("moved along paths", "blocks.*.attn.hook_z, blocks.*.hook_mlp_out"));
            }
            return new Followed(bases, values, receipts);
        }
    }

    private List<SweepCell> cells(int[] prompt, ActivationCache source, NDManager owner, Progress progress) {
        List<SweepCell> cells = new ArrayList<>();
        boolean freeze = mlps == PathPatching.Mlps.FROZEN
                && context.model().config().block().hasMlp();
        ActivationCache own =
                freeze ? EndActivations.of(context, List.of(prompt), progress).one(0, owner) : source;
        for (PathSender sender : senders) {
            List<Intervention> edits = new ArrayList<>(sender.edits(source));
            Set<Integer> moved = sender.mlps();
            for (int l = sender.entry();
                    freeze && l < context.model().config().dims().layers();
                    l++) {
                if (!moved.contains(l)) {
                    edits.add(new Intervention.Patch(HookSite.of(SiteKind.MLP_OUT, l), Region.ALL, own));
                }
            }
            cells.add(SweepCell.held("path from " + sender.label(), edits));
        }
        return cells;
    }
}
