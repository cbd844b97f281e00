package org.headscope.analysis.edges;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.Hook;
import org.headscope.hooks.run.HookEdit;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;

/**
 * The hooks of one run with a circuit: those that note what was written, and those that correct what is read by corrupt
 * minus present value of all writers outside the circuit.
 */
final class CircuitPass {
    private static final String CORRECTION = "edges into ";

    private final EdgeSpace space;
    private final BitSet circuit;
    private final Writes corrupt;
    private final NDManager owner;
    private final int start;
    /** Corrupt minus present value of every writer so far, {@code [batch, writer, pos * d_model]}. */
    private final List<NDArray> differences = new ArrayList<>();

    private int noted;

    /** @param owner of what is noted; closed after the run */
    CircuitPass(EdgeSpace space, BitSet circuit, Writes corrupt, Writes clean, NDManager owner) {
        this.space = space;
        this.circuit = circuit;
        this.corrupt = corrupt;
        this.owner = owner;
        this.start = firstLayer();
        // Writers before the start write what they wrote in the clean run.
        this.noted = (int) space.writers().stream()
                .filter(writer -> writer.layer() < start)
                .count();
        differences.add(rows(corrupt, 0, noted).sub(rows(clean, 0, noted)));
    }

    private int firstLayer() {
        return space.ports().stream()
                .filter(this::isOutside)
                .mapToInt(EdgeSpace.Port::layer)
                .findFirst()
                .orElse(space.dims().layers() - 1);
    }

    private boolean isOutside(EdgeSpace.Port port) {
        return circuit.nextClearBit(port.first()) < port.first() + port.edges();
    }

    private NDArray rows(Writes writes, int from, long to) {
        return Alias.of(writes.all(), owner).get(new NDIndex().addAllDim().addSliceDim(from, to));
    }

    /** {@return the layer where the run begins} */
    int start() {
        return start;
    }

    /** {@return the hooks, none before the start} */
    List<SiteEdit> edits() {
        List<SiteEdit> edits = new ArrayList<>();
        int writers = 0;
        for (EdgeSpace.Port port : space.ports()) {
            if (isOutside(port)) {
                writers = Math.max(writers, port.writers());
                edits.add(new HookEdit(CORRECTION + port.site(), port.site(), correct(port)));
            }
        }
        int first = 0;
        for (HookSite site : Writes.sites(space)) {
            int count = site.kind().headAxis() < 0 ? 1 : space.dims().heads();
            if (first >= noted && first < writers) {
                edits.add(new HookEdit("writers at " + site, site, note(first, count)));
            }
            first += count;
        }
        return edits;
    }

    static boolean isCorrection(String label) {
        return label.startsWith(CORRECTION);
    }

    private Hook note(int first, int count) {
        return (value, point) -> {
            differences.add(rows(corrupt, first, first + count).sub(Writes.flat(value)));
            noted += count;
            return null;
        };
    }

    private Hook correct(EdgeSpace.Port port) {
        return (value, point) -> {
            float[] outside = new float[port.edges()];
            for (int e = 0; e < outside.length; e++) {
                outside[e] = circuit.get(port.first() + e) ? 0 : 1;
            }
            NDArray chosen = owner.create(outside, new Shape(port.readers().size(), port.writers()));
            NDArray correction = Writes.shaped(chosen.matMul(upTo(port.writers())), value.getShape());
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
