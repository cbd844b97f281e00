package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.sweep.ResumableSweep;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.sweep.BaseRun;
import org.headscope.hooks.sweep.LogitDifference;
import org.headscope.hooks.sweep.SweepEngine;
import org.headscope.hooks.sweep.SweepListener;

/** Patches one example of a task at every place of a grid. */
final class ExamplePatch {
    private final AnalysisContext context;
    private final TaskPatching.Parameters parameters;
    private final PatchGrid grid;

    ExamplePatch(AnalysisContext context, TaskPatching.Parameters parameters, PatchGrid grid) {
        this.context = context;
        this.parameters = parameters;
        this.grid = grid;
    }

    /**
     * What one example gives.
     *
     * @param clean logit difference of the clean run
     * @param corrupt logit difference of the corrupt run
     * @param effects normalised effect of every cell, in the order of the grid; empty when the gap is too small
     * @param receipts proof that the patches acted
     */
    @SuppressWarnings("ArrayRecordComponent") // summed over, never compared
    record Outcome(double clean, double corrupt, double[] effects, List<ReceiptSummary> receipts) {
        boolean skipped() {
            return effects.length == 0;
        }
    }

    /** Runs both prompts, and the cells where these differ enough; {@code name} tells the example in the journal. */
    Outcome run(EncodedExample example, String name, Progress progress) {
        TokenBatch run = TokenBatch.of(new int[][] {denoise() ? example.corrupt() : example.clean()});
        TokenBatch other = TokenBatch.of(new int[][] {denoise() ? example.clean() : example.corrupt()});
        var sweep = new ResumableSweep(context, progress, name, values -> {});
        try (RunResult source = context.model()
                        .run(StandingRun.of(context, other)
                                .capture(grid.sites(context.model().sites()))
                                .lastLogits()
                                .build());
                BaseRun base = BaseRun.of(context.model(), run, context.standing())) {
            return patched(example, source, base, sweep);
        }
    }

    private Outcome patched(EncodedExample example, RunResult source, BaseRun base, ResumableSweep sweep) {
        var metric = new LogitDifference(answer(example), foil(example));
        double here = new SweepEngine()
                .run(base, List.of(), metric, SweepListener.NONE)
                .base();
        float[] logits = source.logits().toFloatArray();
        double there = (double) logits[answer(example)] - logits[foil(example)];
        double clean = denoise() ? there : here;
        double corrupt = denoise() ? here : there;
        if (Double.isNaN(clean - corrupt)) {
            throw new HeadscopeException(
                    "A logit is not a number behind '" + example.example().prompt() + "': check the model's weights.");
        }
        if (clean - corrupt < parameters.gap()) {
            return new Outcome(clean, corrupt, new double[0], List.of());
        }
        ResumableSweep.Outcome swept = sweep.run(base, grid.cells(source.cache()), metric);
        double[] effects = Arrays.stream(grid.whole(swept.values(), here))
                .map(value -> (value - here) / (there - here))
                .toArray();
        return new Outcome(clean, corrupt, effects, receipts(base, swept));
    }

    private List<ReceiptSummary> receipts(BaseRun base, ResumableSweep.Outcome swept) {
        List<ReceiptSummary> receipts = new ArrayList<>();
        base.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
        String label = denoise() ? "clean into corrupt" : "corrupt into clean";
        receipts.add(swept.receipts().summary(label, parameters.site().pattern()));
        return receipts;
    }

    private boolean denoise() {
        return parameters.mode() == ActivationPatching.Mode.DENOISE;
    }

    private static int answer(EncodedExample example) {
        return example.answers()[0];
    }

    private static int foil(EncodedExample example) {
        return example.corruptAnswers()[0];
    }
}
