package org.headscope.analysis.edges;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.Hook;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;

/**
 * One batch of pairs, run with a circuit: every reader gets what the parts of this very run wrote along the edges of the
 * circuit, and what they wrote in the corrupt run along all others. One pass in the order of the layers does it exactly,
 * because a reader only sees what was written before it: what it reads is corrected by corrupt minus present value of all
 * its writers outside the circuit.
 */
final class CircuitRuns implements AutoCloseable {
    private static final String CORRECTION = "edges into ";

    private final AnalysisContext context;
    private final EdgeSpace space;
    private final Contrast.Batch batch;
    private final Writes corrupt;
    private long fired;
    private double change;

    CircuitRuns(AnalysisContext context, EdgeSpace space, Contrast.Batch batch) {
        this.context = context;
        this.space = space;
        this.batch = batch;
        this.corrupt = Writes.of(context, space, batch.corrupt());
    }

    Contrast.Batch batch() {
        return batch;
    }

    /** Logits of the corrupt run, {@code [batch, vocab]}. */
    float[] corruptLogits() {
        return corrupt.logits().clone();
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
        try (NDManager owner = context.model().newManager();
                RunResult run = context.model().run(new Pass(circuit, owner).request())) {
            run.receipts().stream()
                    .filter(receipt -> receipt.label().startsWith(CORRECTION))
                    .forEach(receipt -> {
                        fired += receipt.fired();
                        change = Math.max(change, receipt.change());
                    });
            return run.logits().toFloatArray();
        }
    }

    /** The hooks of one pass: those that note what was written, and those that correct what is read. */
    private final class Pass {
        private final BitSet circuit;
        private final NDManager owner;
        /** Corrupt minus present value of every writer so far, {@code [batch, writer, pos * d_model]}. */
        private final List<NDArray> differences = new ArrayList<>();

        private int noted;

        private Pass(BitSet circuit, NDManager owner) {
            this.circuit = circuit;
            this.owner = owner;
        }

        private RunRequest request() {
            RunRequest.Builder request = StandingRun.of(context, batch.clean()).lastLogits();
            int writers = 0;
            for (EdgeSpace.Port port : space.ports()) {
                if (outside(port)) {
                    writers = Math.max(writers, port.writers());
                    request.hook(CORRECTION + port.site(), port.site(), correct(port));
                }
            }
            int first = 0;
            for (HookSite site : Writes.sites(space)) {
                if (first < writers) {
                    request.hook("writers at " + site, site, note(first));
                }
                first += site.kind().headAxis() < 0 ? 1 : space.dims().heads();
            }
            return request.build();
        }

        private boolean outside(EdgeSpace.Port port) {
            return circuit.nextClearBit(port.first()) < port.first() + port.edges();
        }

        private Hook note(int first) {
            return (value, point) -> {
                NDArray now = Writes.flat(value);
                long count = now.getShape().get(1);
                NDArray reference = Alias.of(corrupt.all(), owner)
                        .get(new NDIndex().addAllDim().addSliceDim(first, first + count));
                differences.add(reference.sub(now));
                noted += (int) count;
                return null;
            };
        }

        private Hook correct(EdgeSpace.Port port) {
            return (value, point) -> {
                NDArray before = upTo(port.writers());
                float[] outside = new float[port.edges()];
                for (int e = 0; e < outside.length; e++) {
                    outside[e] = circuit.get(port.first() + e) ? 0 : 1;
                }
                NDArray chosen = owner.create(outside, new Shape(port.readers().size(), port.writers()));
                NDArray correction = Writes.shaped(chosen.matMul(before), value.getShape());
                return value.add(correction);
            };
        }

        /** What was noted so far is joined once and then reused by all ports that see as many writers. */
        private NDArray upTo(int writers) {
            if (differences.size() > 1) {
                NDArray joined = Writes.join(differences);
                differences.clear();
                differences.add(joined);
            }
            NDArray all = differences.get(0);
            return noted == writers ? all : all.get(new NDIndex().addAllDim().addSliceDim(0, writers));
        }
    }

    @Override
    public void close() {
        corrupt.close();
    }
}
