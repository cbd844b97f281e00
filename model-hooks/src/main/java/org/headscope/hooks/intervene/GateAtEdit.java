package org.headscope.hooks.intervene;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import java.util.List;
import org.headscope.hooks.forward.Scalar;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;

/**
 * Multiplies a region of an activation by a number; {@link GateEdit} is for whole heads.
 *
 * @param label how it is receipted
 * @param site where
 * @param region which heads and positions
 * @param gate the factor
 */
record GateAtEdit(String label, HookSite site, Region region, float gate) implements SiteEdit {
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
        if (!region.touches(value, point)) {
            return value;
        }
        NDArray gated = value.mul(Scalar.of(gate, value));
        NDArray mask = region.mask(value, point, value.getManager());
        NDArray after = mask == null ? gated : NDArrays.where(mask.broadcast(value.getShape()), gated, value);
        book.fired(label, value, after);
        return after;
    }
}
