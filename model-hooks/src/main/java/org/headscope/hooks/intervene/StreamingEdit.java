package org.headscope.hooks.intervene;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;

/**
 * Hides keys outside a streaming window from some heads. It acts on the scores, so that the softmax shares out what is left:
 * that stays exact where almost all weight lay on hidden keys, and where a head has a sink of its own. The receipt tells the
 * largest attention weight that was hidden.
 *
 * @param label how it is receipted
 * @param site the scores of a layer
 * @param heads which query heads
 * @param window what they see
 */
record StreamingEdit(String label, HookSite site, Set<Integer> heads, StreamingWindow window) implements SiteEdit {
    @Override
    public List<String> labels() {
        return List.of(label);
    }

    @Override
    public boolean batchable() {
        return true;
    }

    @Override
    public NDArray apply(NDArray value, HookPoint point, ReceiptBook book) {
        Shape shape = value.getShape();
        int first = point.context().first();
        if (!window.hides((int) (first + shape.get(2)))) {
            book.fired(label, 0);
            return value;
        }
        NDManager manager = value.getManager();
        NDArray hidden = hidden(manager, first, shape).broadcast(shape);
        NDArray nothing = manager.create(new float[] {Float.NEGATIVE_INFINITY})
                .toType(value.getDataType(), false)
                .broadcast(shape);
        book.fired(label, largestHidden(value, hidden));
        return NDArrays.where(hidden, nothing, value);
    }

    /** True where a head no longer sees a key: {@code [1, head, q_pos, k_pos]}. */
    private NDArray hidden(NDManager manager, int first, Shape shape) {
        int queries = (int) shape.get(2);
        int keys = (int) shape.get(3);
        boolean[] outside = new boolean[queries * keys];
        for (int q = 0; q < queries; q++) {
            for (int k = window.sink(); k <= first + q - window.recent(); k++) {
                outside[q * keys + k] = true;
            }
        }
        boolean[] mine = new boolean[(int) shape.get(1)];
        heads.forEach(head -> mine[head] = true);
        NDArray where = manager.create(outside).reshape(1, 1, queries, keys);
        return where.logicalAnd(manager.create(mine).reshape(1, mine.length, 1, 1));
    }

    private static double largestHidden(NDArray scores, NDArray hidden) {
        try (NDArray weights = scores.softmax(-1);
                NDArray flags = hidden.toType(scores.getDataType(), false);
                NDArray lost = weights.mul(flags);
                NDArray largest = lost.max();
                NDArray number = largest.toType(DataType.FLOAT32, false)) {
            return number.getFloat();
        }
    }
}
