package org.headscope.analysis.edges;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.Block;
import org.headscope.hooks.forward.BlockInput;
import org.headscope.hooks.forward.Forward;
import org.headscope.hooks.forward.RunScope;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.RunBus;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * One batch of pairs, run with circuits: every reader gets what the parts of that very run write along the edges of the
 * circuit, and what they wrote in the corrupt run along all others. One pass in the order of the layers does it exactly,
 * because a reader only sees what was written before it.
 *
 * <p>A pass begins at the first layer with a reader that is not all clean: before it, the run is the clean run.
 */
final class CircuitRuns implements AutoCloseable {
    private final AnalysisContext context;
    private final EdgeSpace space;
    private final Contrast.Batch batch;
    private final Writes corrupt;
    private final Writes clean;
    /** The clean residual stream before every layer. */
    private final RunResult streams;

    private long fired;
    private double change;

    CircuitRuns(AnalysisContext context, EdgeSpace space, Contrast.Batch batch) {
        this.context = context;
        this.space = space;
        this.batch = batch;
        this.corrupt = Writes.of(context, space, batch.corrupt());
        try {
            this.clean = Writes.of(context, space, batch.clean());
        } catch (Throwable e) {
            corrupt.close();
            throw e;
        }
        try {
            this.streams = context.model().run(streams(context, batch.clean()));
        } catch (Throwable e) {
            corrupt.close();
            clean.close();
            throw e;
        }
    }

    private static RunRequest streams(AnalysisContext context, TokenBatch tokens) {
        RunRequest.Builder request = StandingRun.of(context, tokens).lastLogits();
        IntStream.range(0, context.model().config().dims().layers())
                .forEach(layer -> request.capture(HookSite.of(SiteKind.RESID_PRE, layer)));
        return request.build();
    }

    Contrast.Batch batch() {
        return batch;
    }

    /** Logits of the corrupt run, {@code [batch, vocab]}. */
    float[] corruptLogits() {
        return corrupt.logits().clone();
    }

    /** Logits of the clean run, {@code [batch, vocab]}. */
    float[] cleanLogits() {
        return clean.logits().clone();
    }

    /** {@return what stood in the corrupt run, and how often and how strongly readers were corrected since} */
    List<ReceiptSummary> receipts() {
        List<ReceiptSummary> receipts = new ArrayList<>();
        corrupt.receipts().forEach(receipt -> receipts.add(ReceiptSummary.of(receipt)));
        receipts.add(new ReceiptSummary("edges outside circuits corrupt", "readers of all layers", fired, change, ""));
        return receipts;
    }

    /**
     * Runs a circuit on the clean prompts.
     *
     * @param circuit the edges that carry what this run writes
     * @return logits of the last position, {@code [batch, vocab]} row by row
     */
    float[] logits(BitSet circuit) {
        try (NDManager owner = context.model().newManager()) {
            var pass = new CircuitPass(space, circuit, corrupt, clean, owner);
            RunBus bus = new RunBus(context.model().sites(), edits(pass));
            NDArray logits = run(pass.start(), bus, owner);
            bus.close().stream()
                    .filter(receipt -> CircuitPass.isCorrection(receipt.label()))
                    .forEach(receipt -> {
                        fired += receipt.fired();
                        change = Math.max(change, receipt.change());
                    });
            return logits.toFloatArray();
        }
    }

    private NDArray run(int start, RunBus bus, NDManager owner) {
        Forward forward = context.model().forward();
        RunScope scope = forward.scope(owner, bus, null);
        NDArray x = Alias.of(streams.cache().get(HookSite.of(SiteKind.RESID_PRE, start)), owner);
        for (int layer = start; layer < space.dims().layers(); layer++) {
            Block.Output out = forward.block(layer).run(BlockInput.whole(layer, x), scope);
            out.keyValues().keys().close();
            out.keyValues().values().close();
            x.close();
            x = out.resid();
        }
        int length = batch.clean().length();
        return forward.unembed(Alias.rows(x, length - 1, length, owner), length - 1, scope);
    }

    /** What stands or is attached acts only from the start of the pass on; what it did before is in the stream. */
    private List<SiteEdit> edits(CircuitPass pass) {
        List<SiteEdit> all = new ArrayList<>(context.model().hooks().attached());
        all.addAll(new Interventions(context.model().config()).compile(context.standing()));
        List<SiteEdit> edits = new ArrayList<>();
        for (SiteEdit edit : all) {
            edit.requireFits(batch.clean().length());
            if (isAhead(edit.site(), pass.start())) {
                edits.add(edit);
            }
        }
        edits.addAll(pass.edits());
        return edits;
    }

    private static boolean isAhead(HookSite site, int start) {
        if (!site.kind().perBlock()) {
            return site.kind() == SiteKind.LN_FINAL_SCALE || site.kind() == SiteKind.LN_FINAL_NORMALIZED;
        }
        return site.layer() > start || (site.layer() == start && site.kind() != SiteKind.RESID_PRE);
    }

    @Override
    public void close() {
        corrupt.close();
        clean.close();
        streams.close();
    }
}
