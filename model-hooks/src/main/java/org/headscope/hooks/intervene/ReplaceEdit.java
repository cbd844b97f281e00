package org.headscope.hooks.intervene;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;

/**
 * Replaces a region of an activation by stored values.
 *
 * @param label how it is receipted
 * @param site where
 * @param region which part
 * @param source stored values; axes of length 1 are repeated
 */
record ReplaceEdit(String label, HookSite site, Region region, NDArray source) implements SiteEdit {
    @Override
    public List<String> labels() {
        return List.of(label);
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
    public NDArray apply(NDArray value, HookPoint point, ReceiptBook book) {
        if (!region.touches(value, point)) {
            return value;
        }
        NDManager manager = value.getManager();
        NDArray stored = rows(value, point);
        NDArray mask = region.mask(value, point, manager);
        NDArray whole = stored.getShape().equals(value.getShape()) ? stored : stored.broadcast(value.getShape());
        NDArray after = mask == null ? whole : NDArrays.where(mask.broadcast(value.getShape()), whole, value);
        book.fired(label, value, after);
        return after;
    }

    /** The stored rows at the positions that {@code value} covers. */
    private NDArray rows(NDArray value, HookPoint point) {
        int axis = site.kind().positionAxis();
        long rows = value.getShape().get(axis);
        long stored = source.getShape().get(axis);
        NDArray all = Alias.of(source, value.getManager());
        if (stored == 1 || (stored == rows && point.context().first() == 0)) {
            requireFit(value);
            return all;
        }
        long first = point.context().first();
        if (first + rows > stored) {
            throw misfit(value);
        }
        NDIndex index = new NDIndex();
        for (int i = 0; i < axis; i++) {
            index.addAllDim();
        }
        return all.get(index.addSliceDim(first, first + rows));
    }

    private void requireFit(NDArray value) {
        Shape a = source.getShape();
        Shape b = value.getShape();
        for (int i = 0; i < a.dimension(); i++) {
            if (a.get(i) != 1 && a.get(i) != b.get(i)) {
                throw misfit(value);
            }
        }
    }

    private HeadscopeException misfit(NDArray value) {
        return new HeadscopeException("Cannot put stored values of shape " + source.getShape() + " into " + site
                + " of shape " + value.getShape() + ": clean and corrupt prompts must have equal numbers of tokens.");
    }
}
