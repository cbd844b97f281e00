package org.headscope.hooks.sweep;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.Block;
import org.headscope.hooks.forward.BlockInput;
import org.headscope.hooks.forward.KeyValues;
import org.headscope.hooks.forward.Masks;
import org.headscope.hooks.forward.RunScope;
import org.headscope.hooks.forward.SiteContext;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;

/**
 * Carries a batch of cells through the layers. A cell joins at the first block it changes; up to there, and at all
 * positions before its first change, the base run already has the answer. All cells of a wavefront start at the same
 * position, so that they share one shape.
 */
final class Wavefront {
    private final BaseRun base;
    private final List<CellPlan> cells;
    private final int first;
    private final int readFrom;
    private final SweepListener listener;
    private final NDManager manager;
    private final Masks masks;

    /** {@code first}: first position computed. {@code readFrom}: first position whose result is needed at the end. */
    Wavefront(BaseRun base, List<CellPlan> cells, int[] firstAndReadFrom, SweepListener listener, NDManager manager) {
        this.base = base;
        this.cells = cells;
        this.first = firstAndReadFrom[0];
        this.readFrom = firstAndReadFrom[1];
        this.listener = listener;
        this.manager = manager;
        this.masks = new Masks(manager, base.model().config().attention().causal(), null);
    }

    /** Cells in order of joining, with their residual streams {@code [cells * batch, rows, d_model]}. */
    record Carried(List<CellPlan> cells, NDArray resid) {}

    /** Runs to the end of the last block; rows start at {@code readFrom}. */
    Carried run() {
        int layers = base.model().config().dims().layers();
        Carried carried = embedded();
        for (int l = 0; l < layers; l++) {
            if (listener.cancelled()) {
                throw new SweepCancelledException();
            }
            int layer = l;
            List<CellPlan> joining =
                    cells.stream().filter(cell -> cell.entry() == layer).toList();
            Carried moved = carried == null ? null : advance(carried, l);
            carried = join(moved, enter(joining, l));
        }
        List<CellPlan> late =
                cells.stream().filter(cell -> cell.entry() == layers).toList();
        Carried end = late.isEmpty()
                ? null
                : new Carried(late, copies(base.input(layers), new int[] {readFrom, length()}, late.size(), manager));
        Carried all = join(carried, end);
        if (all == null) {
            throw new IllegalStateException("A wavefront without cells");
        }
        return all;
    }

    private @Nullable Carried embedded() {
        List<CellPlan> changed = cells.stream()
                .filter(cell -> cell.entry() == CellPlan.EMBEDDING)
                .toList();
        if (changed.isEmpty()) {
            return null;
        }
        int[][] ids = Collections.nCopies(changed.size(), base.tokens().ids()).stream()
                .flatMap(Stream::of)
                .toArray(int[][]::new);
        NDArray x = base.model().forward().embed(TokenBatch.of(ids), 0, scope(changed));
        return new Carried(changed, rowsFrom(x, first));
    }

    private Carried advance(Carried carried, int layer) {
        boolean last = layer == base.model().config().dims().layers() - 1;
        boolean edited = carried.cells.stream().anyMatch(cell -> cell.lastEditLayer() >= layer) || stands(layer);
        int queryFrom = last && !edited ? readFrom - first : 0;
        NDArray out = run(carried.cells, carried.resid, layer, queryFrom);
        carried.resid.close();
        return new Carried(carried.cells, last && queryFrom == 0 ? rowsFrom(out, readFrom - first) : out);
    }

    private boolean stands(int layer) {
        return base.standing().stream().anyMatch(edit -> edit.site().layer() == layer);
    }

    private NDArray run(List<CellPlan> who, NDArray resid, int layer, int queryFrom) {
        KeyValues prefix = first == 0 ? null : base.keyValues(layer).prefix(first, who.size(), manager);
        Block.Output out = base.model()
                .forward()
                .block(layer)
                .run(new BlockInput(layer, resid, first, queryFrom, prefix), scope(who));
        out.keyValues().keys().close();
        out.keyValues().values().close();
        if (prefix != null) {
            prefix.keys().close();
            prefix.values().close();
        }
        return out.resid();
    }

    /** Runs the entry block of some cells, as little of it as their edits allow. */
    private @Nullable Carried enter(List<CellPlan> joining, int layer) {
        boolean last = layer == base.model().config().dims().layers() - 1;
        List<CellPlan> order = new ArrayList<>();
        NDList parts = new NDList();
        for (Map.Entry<EntryPoint, List<CellPlan>> alike :
                EntryPoint.group(joining, layer, base).entrySet()) {
            order.addAll(alike.getValue());
            NDArray resid = alike.getKey().late()
                    ? enterLate(alike.getValue(), alike.getKey(), layer)
                    : enterEarly(alike.getValue(), layer);
            parts.add(last ? rowsFrom(resid, readFrom - first) : resid);
        }
        return order.isEmpty() ? null : new Carried(order, joined(parts));
    }

    private NDArray enterEarly(List<CellPlan> alike, int layer) {
        NDArray x = copies(base.input(layer), new int[] {first, length()}, alike.size(), manager);
        NDArray resid = run(alike, x, layer, 0);
        x.close();
        return resid;
    }

    /** Enters behind the heads or behind attention, at the edited positions only; other rows come from the base run. */
    private NDArray enterLate(List<CellPlan> alike, EntryPoint entry, int layer) {
        int[] span = {entry.from(), entry.to()};
        HookPoint point = new HookPoint(HookSite.of(entry.kind(), layer), SiteContext.rows(span[0]));
        try (NDManager temporary = manager.newSubManager()) {
            NDArray rows = Alias.rows(base.entry(entry.kind(), layer), span[0], span[1], temporary);
            NDList edited = new NDList();
            alike.forEach(cell -> edited.add(CellBus.applied(cell, Alias.of(rows, temporary), point)));
            NDArray pre = copies(base.input(layer), span, alike.size(), temporary);
            Block block = base.model().forward().block(layer);
            NDArray changed = entry.kind() == SiteKind.Z
                    ? block.fromZ(pre, joined(edited), span[0], scope(alike))
                    : block.fromAttnOut(pre, joined(edited), span[0], scope(alike));
            changed.attach(temporary);
            NDArray whole = padded(changed, span, layer + 1, alike.size());
            whole.attach(manager);
            return whole;
        }
    }

    /** Puts base rows before and behind the changed ones; the result belongs to the manager of {@code changed}. */
    private NDArray padded(NDArray changed, int[] span, int layer, int copies) {
        NDList parts = new NDList();
        if (span[0] > first) {
            parts.add(copies(base.input(layer), new int[] {first, span[0]}, copies, changed.getManager()));
        }
        parts.add(changed);
        if (span[1] < length()) {
            parts.add(copies(base.input(layer), new int[] {span[1], length()}, copies, changed.getManager()));
        }
        return parts.size() == 1 ? changed : NDArrays.concat(parts, 1);
    }

    private @Nullable Carried join(@Nullable Carried left, @Nullable Carried right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        List<CellPlan> order = new ArrayList<>(left.cells);
        order.addAll(right.cells);
        NDArray resid = NDArrays.concat(new NDList(left.resid, right.resid), 0);
        left.resid.close();
        right.resid.close();
        return new Carried(order, resid);
    }

    static NDArray joined(NDList parts) {
        return parts.size() == 1 ? parts.head() : NDArrays.concat(parts, 0);
    }

    /** Rows {@code span[0] .. span[1] - 1} of {@code [batch, pos, d]}, once per cell: {@code [copies * batch, rows, d]}. */
    static NDArray copies(NDArray array, int[] span, int copies, NDManager owner) {
        NDArray rows = Alias.rows(array, span[0], span[1], owner);
        if (copies == 1) {
            return rows;
        }
        Shape s = rows.getShape();
        NDArray all = rows.expandDims(0)
                .broadcast(new Shape(copies, s.get(0), s.get(1), s.get(2)))
                .reshape(new Shape(copies * s.get(0), s.get(1), s.get(2)));
        rows.close();
        return all;
    }

    private static NDArray rowsFrom(NDArray array, int from) {
        return from == 0 ? array : Alias.rows(array, from, array.getShape().get(1), array.getManager());
    }

    private int length() {
        return base.tokens().length();
    }

    private RunScope scope(List<CellPlan> who) {
        return new RunScope(
                manager, new CellBus(base.standing(), who, base.tokens().size()), masks);
    }
}
