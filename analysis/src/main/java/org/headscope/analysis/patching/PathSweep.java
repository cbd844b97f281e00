package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.LogitDifference;
import org.headscope.hooks.sweep.SweepCell;

/** One cell per sender: the logits themselves, or the clean run with receivers set to what the sender made of them. */
final class PathSweep {
    static final String EFFECT = "Path effect";
    static final String PATCHED = "Logit difference when patched";

    private static final double SMALLEST_GAP = 1e-4;

    private final PathRuns runs;
    private final PathPatching.Parameters parameters;
    private final PathReceivers receivers;
    private final Dims dims;
    private final int answer;
    private final int foil;

    PathSweep(PathRuns runs, PathPatching.Parameters parameters, PathReceivers receivers) {
        this.runs = runs;
        this.parameters = parameters;
        this.receivers = receivers;
        this.dims = runs.context().model().config().dims();
        this.answer = runs.context().prompts().answer(parameters.answer());
        this.foil = runs.context().prompts().answer(parameters.foil());
        if (answer == foil) {
            throw new HeadscopeException("Answer and foil are the same token " + answer + ": give two different ones.");
        }
    }

    Findings run(Progress progress) {
        AnalysisContext context = runs.context();
        double clean = difference(runs.clean());
        double corrupt = difference(runs.corrupt());
        if (!(Math.abs(clean - corrupt) >= SMALLEST_GAP)) {
            throw new HeadscopeException("The logit difference is " + clean + " on the clean prompt and " + corrupt
                    + " on the corrupt one: an effect would be a share of nothing. Choose another corrupt prompt.");
        }
        List<RunResult> captured = new ArrayList<>();
        try (BaseRun base = BaseRun.of(context.model(), runs.batch(), context.standing())) {
            List<SweepCell> cells = cells(captured, progress);
            var sweep = new ResumableSweep(context, progress, "path patching", values -> {});
            ResumableSweep.Outcome outcome = sweep.run(base, cells, new LogitDifference(answer, foil));
            return findings(outcome, clean, corrupt, base);
        } finally {
            captured.forEach(RunResult::close);
        }
    }

    private double difference(RunResult run) {
        float[] logits = run.logits().toFloatArray();
        return (double) logits[answer] - logits[foil];
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
        var sent = runs.send(layer, head, parameters.mlps());
        if (receivers.kind() == null) {
            return sent;
        }
        AnalysisContext context = runs.context();
        RunResult run = context.model()
                .run(StandingRun.of(context, runs.batch())
                        .edits(new Interventions(context.model().config()).compile(sent))
                        .capture(receivers.sites())
                        .lastLogits()
                        .build());
        captured.add(run);
        return receivers.set(run.cache());
    }

    private Findings findings(ResumableSweep.Outcome outcome, double clean, double corrupt, BaseRun base) {
        double[] patched = new double[dims.layers() * dims.heads()];
        Arrays.fill(patched, outcome.base());
        System.arraycopy(outcome.values(), 0, patched, 0, outcome.values().length);
        double[] effects = Arrays.stream(patched)
                .map(value -> (outcome.base() - value) / (outcome.base() - corrupt))
                .toArray();
        List<Axis> axes = List.of(Axis.layers(dims.layers()), Axis.heads(dims.heads()));
        List<Panel> panels = List.of(
                new HeadGrid(EFFECT, Quantity.signed("normalised logit difference", ""), Grid.of(axes, effects)),
                new HeadGrid(PATCHED, Quantity.signed("logit difference", "logits"), Grid.of(axes, patched)),
                semantics(clean, corrupt));
        List<ReceiptSummary> receipts = new ArrayList<>();
        base.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
        if (outcome.values().length > 0) {
            receipts.add(outcome.receipts().summary("corrupt along paths", "blocks.*.attn.hook_z"));
        }
        return new Found(panels, receipts);
    }

    private record Found(List<Panel> panels, List<ReceiptSummary> receipts) implements Findings {}

    /** Path patching means different things to different people, so what was done is part of the result. */
    private Table semantics(double clean, double corrupt) {
        List<Table.Column> columns = List.of(Table.Column.text("what"), Table.Column.text("how"));
        return new Table(
                "Semantics",
                columns,
                List.of(
                        List.of("run", "clean; senders from corrupt (noising)"),
                        List.of("receivers", receivers.words()),
                        List.of("other heads", "z frozen at clean"),
                        List.of("MLPs on the way", parameters.mlps().name().toLowerCase(Locale.ROOT)),
                        List.of("norms", "recomputed"),
                        List.of("logit difference clean", String.format(Locale.ROOT, "%.5f", clean)),
                        List.of("logit difference corrupt", String.format(Locale.ROOT, "%.5f", corrupt))));
    }
}
