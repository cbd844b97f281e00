package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;
import org.headscope.hooks.sweep.SweepEngine;
import org.headscope.hooks.sweep.SweepListener;

/** Patches every cell of some grids of one prompt pair: two runs serve them all, and their cells travel together. */
final class PatchSweep {
    private static final String NAME = "patching";

    private final AnalysisContext context;
    private final PatchPair pair;
    private final Mode mode;
    private final List<PatchGrid> grids;

    PatchSweep(AnalysisContext context, PatchPair pair, Mode mode, List<PatchGrid> grids) {
        this.context = context;
        this.pair = pair;
        this.mode = mode;
        this.grids = List.copyOf(grids);
    }

    /**
     * What was found.
     *
     * @param gap the two runs
     * @param values logit difference of every cell, one whole grid after the other
     * @param receipts proof that the patches acted
     */
    record Swept(PatchGap gap, List<double[]> values, List<ReceiptSummary> receipts) {}

    /** Runs all cells; {@code partial} gets whole grids now and then, NaN where nothing is known yet. */
    Swept run(Progress progress, BiConsumer<PatchGap, List<double[]>> partial) {
        progress.report(0, 0, "clean and corrupt run");
        try (RunResult source = context.model().run(everything());
                BaseRun base = BaseRun.of(context.model(), pair.base().batch(), context.standing())) {
            double here = new SweepEngine()
                    .run(base, List.of(), pair.metric(), SweepListener.NONE)
                    .base();
            PatchGap gap = new PatchGap(here, pair.difference(source), mode);
            gap.requireWide();
            List<SweepCell> cells = grids.stream()
                    .flatMap(grid -> grid.cells(source.cache()).stream())
                    .toList();
            var sweep = new ResumableSweep(context, progress, NAME, values -> partial.accept(gap, apart(values, here)));
            ResumableSweep.Outcome outcome = sweep.run(base, cells, pair.metric());
            return new Swept(gap, apart(outcome.values(), here), receipts(base, outcome));
        }
    }

    private RunRequest everything() {
        RunRequest.Builder request =
                StandingRun.of(context, pair.other().batch()).lastLogits();
        grids.forEach(grid -> request.capture(grid.sites(context.model().sites())));
        return request.build();
    }

    /** One whole grid for each part of the cells. */
    private List<double[]> apart(double[] values, double here) {
        List<double[]> parts = new ArrayList<>();
        int from = 0;
        for (PatchGrid grid : grids) {
            parts.add(grid.whole(Arrays.copyOfRange(values, from, from + grid.size()), here));
            from += grid.size();
        }
        return parts;
    }

    private List<ReceiptSummary> receipts(BaseRun base, ResumableSweep.Outcome outcome) {
        List<ReceiptSummary> receipts = new ArrayList<>();
        base.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
        String label = mode == Mode.DENOISE ? "clean into corrupt" : "corrupt into clean";
        String sites = grids.stream().map(PatchGrid::pattern).distinct().collect(Collectors.joining(", "));
        receipts.add(outcome.receipts().summary(label, sites));
        return receipts;
    }
}
