package org.headscope.hooks.intervene;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.jspecify.annotations.Nullable;

/** Multiplies an activation by one gate per head, or by a single gate where there are no heads. */
final class GateEdit implements SiteEdit {
    private final HookSite site;
    private final float[] gates;
    private final List<Entry> entries = new ArrayList<>();

    GateEdit(HookSite site, int heads) {
        this.site = site;
        this.gates = new float[site.kind().headAxis() < 0 ? 1 : heads];
        Arrays.fill(gates, 1);
    }

    private record Entry(@Nullable Set<Integer> heads, String label) {}

    /** Adds a gate for some heads, or for all; gates on the same head multiply. */
    void add(@Nullable Set<Integer> heads, double gate, String label) {
        for (int h = 0; h < gates.length; h++) {
            if (heads == null || heads.contains(h)) {
                gates[h] *= (float) gate;
            }
        }
        entries.add(new Entry(heads, label));
    }

    @Override
    public HookSite site() {
        return site;
    }

    @Override
    public List<String> labels() {
        return entries.stream().map(Entry::label).toList();
    }

    @Override
    public boolean batchable() {
        return true;
    }

    @Override
    public NDArray apply(NDArray value, HookPoint point, ReceiptBook book) {
        NDArray after = value.mul(gateArray(value));
        float[] changes = changes(value, after);
        for (Entry entry : entries) {
            float largest = 0;
            for (int h = 0; h < changes.length; h++) {
                largest = entry.heads == null || entry.heads.contains(h) ? Math.max(largest, changes[h]) : largest;
            }
            book.fired(entry.label, largest);
        }
        return after;
    }

    private NDArray gateArray(NDArray value) {
        long[] dims = new long[value.getShape().dimension()];
        Arrays.fill(dims, 1);
        if (gates.length > 1) {
            dims[site.kind().headAxis()] = gates.length;
        }
        return value.getManager().create(gates, new Shape(dims));
    }

    /** The largest change of each head. */
    private float[] changes(NDArray before, NDArray after) {
        try (NDManager temporary = before.getManager().newSubManager()) {
            NDArray difference = after.sub(before);
            difference.attach(temporary);
            NDArray byHead =
                    gates.length > 1 ? difference.swapAxes(0, site.kind().headAxis()) : difference;
            return byHead.reshape(gates.length, -1).abs().max(new int[] {1}).toFloatArray();
        }
    }
}
