package org.headscope.hooks.intervene;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;

/**
 * Replaces attention by equal weights over the keys that each query sees; causal mask, window and padding are respected.
 *
 * @param label how it is receipted
 * @param site the pattern of a layer
 * @param region which heads and queries
 */
record UniformEdit(String label, HookSite site, Region region) implements SiteEdit {
    @Override
    public List<String> labels() {
        return List.of(label);
    }

    @Override
    public boolean batchable() {
        return true;
    }

    @Override
    public int firstPosition() {
        return region.firstPosition();
    }

    @Override
    public int lastPosition() {
        return region.lastPosition();
    }

    @Override
    public void requireFits(int length) {
        region.requireWithin(label, length);
    }

    @Override
    public NDArray apply(NDArray value, HookPoint point, ReceiptBook book) {
        NDArray sees = point.context().visible();
        if (sees == null || !region.touches(value, point)) {
            return value;
        }
        NDManager manager = value.getManager();
        NDArray visible = Alias.of(sees, manager);
        NDArray uniform = visible.div(visible.sum(new int[] {3}, true)).broadcast(value.getShape());
        NDArray mask = region.mask(value, point, manager);
        NDArray after = mask == null ? uniform : NDArrays.where(mask.broadcast(value.getShape()), uniform, value);
        book.fired(label, value, after);
        return after;
    }
}
