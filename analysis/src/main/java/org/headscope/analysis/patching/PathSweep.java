package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.SweepCell;

/** One cell per sender: the logits themselves, or the clean run with receivers set to what the sender made of them. */
final class PathSweep {
    static final String EFFECT = "Path effect";
    static final String PATCHED = "Logit difference when patched";

    private final PathRuns runs;
    private final PathPatching.Mlps mlps;
    private final PathReceivers receivers;
    private final Dims dims;

    PathSweep(PathRuns runs, PathPatching.Mlps mlps, PathReceivers receivers) {
        this.runs = runs;
        this.mlps = mlps;
        this.receivers = receivers;
        this.dims = runs.context().model().config().dims();
    }

    Findings run(Progress progress) {
        AnalysisContext context = runs.context();
        PatchPair pair = runs.pair();
        PatchGap gap = new PatchGap(
                pair.difference(runs.clean()), pair.difference(runs.corrupt()), ActivationPatching.Mode.NOISE);
        gap.requireWide();
        List<RunResult> captured = new ArrayList<>();
        try (BaseRun base = BaseRun.of(context.model(), pair.base().batch(), context.standing())) {
            List<SweepCell> cells = cells(captured, progress);
            var sweep = new ResumableSweep(context, progress, "path patching", values -> {});
            return findings(sweep.run(base, cells, pair.metric()), gap, base);
        } finally {
            captured.forEach(RunResult::close);
        }
    }

    /** Row by row; only senders from which a path leads to a receiver. */
    private List<SweepCell> cells(List<RunResult> captured, Progress progress) {
        List<SweepCell> cells = new ArrayList<>();
        for (int layer = 0; layer < receivers.end(); layer++) {
            for (int head = 0; head < dims.heads(); head++) {
                progress.checkCancelled();
                cells.add(new SweepCell("path from " + layer + "." + head, cell(layer, head, captured)));
                progress.report(cells.size(), 0, "following paths");
            }
        }
        return cells;
    }

    private List<Intervention> cell(int layer, int head, List<RunResult> captured) {
        var sent = runs.send(layer, head, mlps);
        if (receivers.kind() == null) {
            return sent;
        }
        AnalysisContext context = runs.context();
        RunResult run = context.model()
                .run(StandingRun.of(context, runs.pair().base().batch())
                        .edits(new Interventions(context.model().config()).compile(sent))
                        .capture(receivers.sites())
                        .lastLogits()
                        .build());
        captured.add(run);
        return receivers.set(run.cache());
    }

    private Findings findings(ResumableSweep.Outcome outcome, PatchGap gap, BaseRun base) {
        // No path leads from the heads that are not swept, so nothing changes with them.
        double[] patched = new double[dims.layers() * dims.heads()];
        Arrays.fill(patched, gap.here());
        System.arraycopy(outcome.values(), 0, patched, 0, outcome.values().length);
        PatchGrid grid =
                new PatchGrid(PatchSite.HEAD_Z, dims, runs.pair().base().positions());
        List<Panel> panels = List.of(
                gap.effects(EFFECT, grid, patched),
                grid.panel(PATCHED, Quantity.signed("logit difference", "logits"), patched),
                semantics(gap));
        List<ReceiptSummary> receipts = new ArrayList<>();
        base.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
        if (outcome.values().length > 0) {
            receipts.add(outcome.receipts().summary("corrupt along paths", "blocks.*.attn.hook_z"));
        }
        return Findings.of(panels, receipts);
    }

    /** Path patching means different things to different people, so what was done is part of the result. */
    private Table semantics(PatchGap gap) {
        List<Table.Column> columns = List.of(Table.Column.text("what"), Table.Column.text("how"));
        return new Table(
                "Semantics",
                columns,
                List.of(
                        List.of("run", "clean; senders from corrupt (noising)"),
                        List.of("receivers", receivers.words()),
                        List.of("other heads", "z frozen at clean"),
                        List.of("MLPs on the way", mlps.name().toLowerCase(Locale.ROOT)),
                        List.of("norms", "recomputed"),
                        List.of("logit difference clean", String.format(Locale.ROOT, "%.5f", gap.clean())),
                        List.of("logit difference corrupt", String.format(Locale.ROOT, "%.5f", gap.corrupt()))));
    }
}
