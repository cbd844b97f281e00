package org.headscope.hooks.intervene;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.run.Activations;
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
 * @param source has stored values of the site; axes of length 1 are repeated
 */
record ReplaceEdit(String label, HookSite site, Region region, Activations source) implements SiteEdit {
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
    public void requireFits(int length) {
        region.requireWithin(label, length);
        long stored = source.shapeAt(site).get(site.kind().positionAxis());
        if (stored != 1 && stored != length) {
            throw new HeadscopeException("Cannot put an activation of " + stored + " positions into " + site
                    + " of a prompt of " + length
                    + " tokens: both prompts must have equal numbers of tokens.");
        }
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
        long first = point.context().first();
        long end = first + value.getShape().get(axis);
        long stored = source.shapeAt(site).get(axis);
        NDArray part = source.on(site, value.getManager());
        if (stored > 1 && (first > 0 || end < stored)) {
            requireStored(end - 1, stored);
            part = part.get(slice(axis, first, end));
        }
        requireFit(part.getShape(), value.getShape());
        return part;
    }

    private static NDIndex slice(int axis, long from, long to) {
        NDIndex index = new NDIndex();
        for (int i = 0; i < axis; i++) {
            index.addAllDim();
        }
        return index.addSliceDim(from, to);
    }

    private void requireStored(long position, long stored) {
        if (position >= stored) {
            throw new HeadscopeException("There is no stored value of " + site + " for position " + position
                    + ": the source has positions 0 to " + (stored - 1) + ". Limit the region to those.");
        }
    }

    private void requireFit(Shape from, Shape to) {
        boolean fits = from.dimension() == to.dimension();
        for (int i = 0; fits && i < from.dimension(); i++) {
            fits = from.get(i) == 1 || from.get(i) == to.get(i);
        }
        if (!fits) {
            throw new HeadscopeException("Cannot put stored values of shape " + source.shapeAt(site) + " into " + site
                    + " of shape " + to + ": both prompts must have equal numbers of tokens.");
        }
    }
}
