package org.headscope.analysis.patching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.CellActivations;
import org.headscope.hooks.sweep.SweepCancelledException;
import org.headscope.hooks.sweep.SweepCell;
import org.headscope.hooks.sweep.SweepEngine;
import org.headscope.hooks.sweep.SweepListener;
import org.jspecify.annotations.Nullable;

/** One cell per sender: the logits themselves, or the clean run with receivers set to what the sender made of them. */
final class PathSweep {
    private final PathRuns runs;
    private final PathPatching.Mlps mlps;
    private final PathReceivers receivers;

    PathSweep(PathRuns runs, PathPatching.Mlps mlps, PathReceivers receivers) {
        this.runs = runs;
        this.mlps = mlps;
        this.receivers = receivers;
    }

    /**
     * What came of it.
     *
     * @param values logit difference per sender; that of the clean run where no path leads
     * @param receipts proof that senders and receivers were set
     */
    @SuppressWarnings("ArrayRecordComponent") // read once, never compared
    record Outcome(double[] values, List<ReceiptSummary> receipts) {}

    /** Follows the paths of all senders; {@code clean} is the logit difference without any. */
    Outcome run(List<PathSender> senders, double clean, Progress progress) {
        Map<Integer, SweepCell> cells = new LinkedHashMap<>();
        for (int i = 0; i < senders.size(); i++) {
            SweepCell cell = runs.send(senders.get(i), mlps, receivers);
            if (cell != null) {
                cells.put(i, cell);
            }
        }
        double[] values = new double[senders.size()];
        Arrays.fill(values, clean);
        if (cells.isEmpty()) {
            return new Outcome(values, List.of());
        }
        double[] moved = new double[cells.size()];
        List<ReceiptSummary> receipts = measure(List.copyOf(cells.values()), moved, progress);
        int next = 0;
        for (int index : cells.keySet()) {
            values[index] = moved[next++];
        }
        return new Outcome(values, receipts);
    }

    private List<ReceiptSummary> measure(List<SweepCell> cells, double[] values, Progress progress) {
        var context = runs.context();
        try (BaseRun base = BaseRun.of(context.model(), runs.pair().base().batch(), context.standing())) {
            List<ReceiptSummary> receipts = new ArrayList<>();
            base.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
            var sweep = new ResumableSweep(context, progress, "path patching", some -> {});
            if (receivers.kind() == null) {
                receipts.add(sweep(sweep, base, cells, values, "corrupt along paths"));
                return receipts;
            }
            try (CellActivations got = read(base, cells, progress);
                    NDManager owner = context.model().newManager()) {
                receipts.add(sent(got, cells.size()));
                receipts.add(sweep(sweep, base, set(got, cells, owner), values, "receivers set"));
                return receipts;
            }
        }
    }

    private ReceiptSummary sweep(
            ResumableSweep sweep, BaseRun base, List<SweepCell> cells, double[] values, String label) {
        ResumableSweep.Outcome outcome = sweep.run(base, cells, runs.pair().metric());
        System.arraycopy(outcome.values(), 0, values, 0, values.length);
        String sites = receivers.kind() == null
                ? "blocks.*.attn.hook_z, blocks.*.hook_mlp_out"
                : "blocks.*." + receivers.kind().path();
        return outcome.receipts().summary(label, sites);
    }

    private CellActivations read(BaseRun base, List<SweepCell> cells, Progress progress) {
        progress.report(0, cells.size(), "following paths");
        SweepListener listener = new SweepListener() {
            @Override
            public boolean cancelled() {
                return progress.isCancelled();
            }
        };
        try {
            return new SweepEngine().read(base, cells, receivers.sites(), runs.firstChange(), listener);
        } catch (SweepCancelledException e) {
            CancelledException cancelled = new CancelledException();
            cancelled.initCause(e);
            throw cancelled;
        }
    }

    private static ReceiptSummary sent(CellActivations got, int cells) {
        long fired = 0;
        double largest = 0;
        for (int i = 0; i < cells; i++) {
            for (var receipt : got.receiptsOf(i)) {
                fired += receipt.fired();
                largest = Math.max(largest, receipt.change());
            }
        }
        return new ReceiptSummary(
                "corrupt along paths",
                "blocks.*.attn.hook_z, blocks.*.hook_mlp_out",
                fired,
                largest,
                cells + " senders followed to their receivers");
    }

    /** Gives every receiver what it got when the sender was moved; positions that cannot change are left alone. */
    private List<SweepCell> set(CellActivations got, List<SweepCell> cells, NDManager owner) {
        int from = got.from();
        @Nullable
        Set<Integer> positions = from == 0
                ? null
                : IntStream.range(from, runs.pair().base().length()).boxed().collect(Collectors.toSet());
        List<SweepCell> set = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            ActivationCache cache = new ActivationCache(owner.newSubManager());
            List<Intervention> patches = new ArrayList<>();
            got.of(i).forEach((site, rows) -> {
                cache.put(site, whole(site, rows, from, owner));
                patches.add(new Intervention.Patch(site, receivers.region(site, positions), cache));
            });
            set.add(new SweepCell(cells.get(i).label(), patches));
        }
        return set;
    }

    /** Puts the clean run's rows in front, since stored values have all positions. */
    private NDArray whole(HookSite site, NDArray rows, int from, NDManager owner) {
        if (from == 0) {
            return rows;
        }
        try (NDArray front = Alias.rows(runs.clean().cache().get(site), 0, from, owner)) {
            NDArray all = front.concat(rows, 1);
            all.attach(owner);
            return all;
        }
    }
}
