package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.hooks.config.Dims;

/** Shows what senders carry: heads as a grid and MLPs as a table, or the sets that were asked for. */
final class PathFindings {
    static final String EFFECT = "Path effect";
    static final String PATCHED = "Logit difference when patched";
    static final String MLPS = "MLPs as senders";
    static final String SENDERS = "Senders";
    static final String SEMANTICS = "Semantics";

    private final PathRuns runs;
    private final PatchGap gap;
    private final Table semantics;

    PathFindings(PathRuns runs, PatchGap gap, PathReceivers receivers, PathPatching.Mlps mlps) {
        this.runs = runs;
        this.gap = gap;
        this.semantics = semantics(gap, receivers, mlps);
    }

    /** Every head by itself, then every MLP. */
    Findings alone(List<PathSender> senders, PathSweep.Outcome outcome) {
        Dims dims = runs.context().model().config().dims();
        int heads = dims.layers() * dims.heads();
        double[] ofHeads = Arrays.copyOf(outcome.values(), heads);
        PatchGrid grid =
                new PatchGrid(PatchSite.HEAD_Z, dims, runs.pair().base().positions());
        List<Panel> panels = new ArrayList<>();
        panels.add(gap.effects(EFFECT, grid, ofHeads));
        panels.add(grid.panel(PATCHED, Quantity.signed("logit difference", "logits"), ofHeads));
        panels.add(semantics);
        if (senders.size() > heads) {
            panels.add(table(
                    MLPS,
                    senders.subList(heads, senders.size()),
                    Arrays.copyOfRange(outcome.values(), heads, senders.size())));
        }
        return Findings.of(panels, outcome.receipts());
    }

    /** Sets that were named. */
    Findings named(List<PathSender> senders, PathSweep.Outcome outcome) {
        List<Panel> panels = List.of(table(SENDERS, senders, outcome.values()), semantics);
        return Findings.of(panels, outcome.receipts());
    }

    private Table table(String title, List<PathSender> senders, double[] values) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < senders.size(); i++) {
            rows.add(List.of(senders.get(i).label(), gap.effect(values[i]), values[i]));
        }
        return new Table(
                title,
                List.of(
                        Table.Column.text("sender"),
                        Table.Column.number("path effect", ""),
                        Table.Column.number("logit difference", "logits")),
                rows);
    }

    /** Path patching means different things to different people, so what was done is part of the result. */
    private static Table semantics(PatchGap gap, PathReceivers receivers, PathPatching.Mlps mlps) {
        return new Table(
                SEMANTICS,
                List.of(Table.Column.text("what"), Table.Column.text("how")),
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
