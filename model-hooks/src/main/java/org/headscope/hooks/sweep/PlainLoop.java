package org.headscope.hooks.sweep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/**
 * The obvious way to run a sweep: one whole forward pass per cell, with all logits. It shares nothing with
 * {@link SweepEngine} but the forward pass, and is what that engine is tested against and measured by.
 */
public final class PlainLoop {
    private final HookedTransformer model;
    private final TokenBatch tokens;
    private final List<Intervention> standing;

    /**
     * Prepares a loop.
     *
     * @param model the model
     * @param tokens the prompts
     * @param standing interventions that hold in every cell
     */
    public PlainLoop(HookedTransformer model, TokenBatch tokens, List<Intervention> standing) {
        this.model = model;
        this.tokens = tokens;
        this.standing = List.copyOf(standing);
    }

    /**
     * Runs every cell.
     *
     * @param cells what to do
     * @param metric what to measure
     * @return base value, all values and receipts of each cell (those of what stands included)
     */
    public SweepResult run(List<SweepCell> cells, SweepMetric metric) {
        List<List<Receipt>> receipts = new ArrayList<>();
        double[] values = new double[cells.size()];
        double base = one(List.of(), metric, new ArrayList<>());
        try (RunResult heads = model.run(heads())) {
            for (int i = 0; i < values.length; i++) {
                SweepCell cell = cells.get(i);
                values[i] = cell.held()
                        ? one(held(heads, cell.interventions()), metric, receipts)
                        : one(cell.interventions(), metric, receipts);
            }
        }
        return new SweepResult(base, values, receipts);
    }

    /** The base run with the outputs of all heads. */
    private RunRequest heads() {
        RunRequest.Builder request = RunRequest.of(tokens)
                .edits(new Interventions(model.config()).compile(standing))
                .lastLogits();
        for (int l = 0; l < model.config().dims().layers(); l++) {
            request.capture(HookSite.of(SiteKind.Z, l));
        }
        return request.build();
    }

    private static List<Intervention> held(RunResult heads, List<Intervention> own) {
        List<Intervention> all = new ArrayList<>();
        all.add(new Intervention.Freeze(heads.cache().sites(), heads.cache()));
        all.addAll(own);
        return all;
    }

    private double one(List<Intervention> interventions, SweepMetric metric, List<List<Receipt>> receipts) {
        Interventions compiler = new Interventions(model.config());
        List<SiteEdit> edits = new ArrayList<>(compiler.compile(standing));
        edits.addAll(compiler.compile(interventions));
        RunRequest request = RunRequest.of(tokens).edits(edits).build();
        try (RunResult run = model.run(request);
                NDManager temporary = run.manager().newSubManager()) {
            receipts.add(run.receipts());
            int first = metric.firstPosition(tokens.length());
            NDArray rows = run.logits().get(temporary, new NDIndex().addAllDim().addSliceDim(first, tokens.length()));
            return metric.measure(read(rows, metric.tokens(), temporary), 1)[0];
        }
    }

    private static NDArray read(NDArray logits, int @Nullable [] wanted, NDManager temporary) {
        if (wanted == null) {
            return logits;
        }
        Shape s = logits.getShape();
        float[] all = logits.toFloatArray();
        float[] picked = new float[(int) (s.get(0) * s.get(1)) * wanted.length];
        for (int row = 0; row < s.get(0) * s.get(1); row++) {
            for (int i = 0; i < wanted.length; i++) {
                picked[row * wanted.length + i] = all[(int) (row * s.get(2)) + wanted[i]];
            }
        }
        return temporary.create(picked, new Shape(s.get(0), s.get(1), wanted.length));
    }
}
