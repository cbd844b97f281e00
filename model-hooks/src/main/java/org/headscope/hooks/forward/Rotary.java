package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.util.HashMap;
import java.util.Map;
import org.headscope.hooks.config.RopeSpec;

/** Rotary position embedding (Su et al., arXiv 2104.09864). Tables grow with the longest position seen. */
final class Rotary {
    private static final int FIRST_TABLE = 64;

    private final NDManager owner;
    private final Map<RopeSpec, Table> tables = new HashMap<>();

    Rotary(NDManager owner) {
        this.owner = owner;
    }

    private record Table(NDArray cos, NDArray sin, int length) {}

    /** Rotates {@code x [batch, pos, head, d_head]} whose row 0 stands at absolute position {@code first}. */
    NDArray apply(NDArray x, RopeSpec rope, int first) {
        Shape s = x.getShape();
        int rows = (int) s.get(1);
        Table table = table(rope, first + rows);
        NDArray cos = slice(table.cos, first, rows, x.getManager());
        NDArray sin = slice(table.sin, first, rows, x.getManager());
        long half = rope.dims() / 2;
        NDArray turned = rope.interleaved() ? x.get(upTo(rope.dims())) : null;
        NDArray a = turned == null ? x.get(lastAxis(0, half)) : pairs(turned, half, 0);
        NDArray b = turned == null ? x.get(lastAxis(half, 2 * half)) : pairs(turned, half, 1);
        NDArray first2 = a.mul(cos).sub(b.mul(sin));
        NDArray second = b.mul(cos).add(a.mul(sin));
        NDArray rotated = turned == null
                ? first2.concat(second, 3)
                : NDArrays.stack(new NDList(first2, second), 4)
                        .reshape(new Shape(s.get(0), rows, s.get(2), rope.dims()));
        return rope.dims() == s.get(3) ? rotated : rotated.concat(x.get(lastAxis(rope.dims(), s.get(3))), 3);
    }

    private static NDArray pairs(NDArray x, long half, int which) {
        Shape s = x.getShape();
        return x.reshape(new Shape(s.get(0), s.get(1), s.get(2), half, 2))
                .get(new NDIndex().addEllipseDim().addIndices(which));
    }

    private static NDIndex upTo(long to) {
        return lastAxis(0, to);
    }

    private static NDIndex lastAxis(long from, long to) {
        return new NDIndex().addAllDim().addAllDim().addAllDim().addSliceDim(from, to);
    }

    private static NDArray slice(NDArray table, int first, int rows, NDManager manager) {
        NDArray part = table.get(manager, new NDIndex().addSliceDim(first, first + rows));
        return part.reshape(new Shape(1, rows, 1, part.getShape().get(1)));
    }

    private synchronized Table table(RopeSpec rope, int length) {
        Table known = tables.get(rope);
        if (known != null && known.length >= length) {
            return known;
        }
        int size = Math.max(FIRST_TABLE, Integer.highestOneBit(Math.max(1, length - 1)) * 2);
        Table made = make(rope, size);
        tables.put(rope, made);
        return made;
    }

    /* An outgrown table is not closed: a run on another thread may still read it. Sizes double, so little is kept. */
    private Table make(RopeSpec rope, int length) {
        int half = rope.inverseFrequencies().size();
        float[] cos = new float[length * half];
        float[] sin = new float[length * half];
        for (int p = 0; p < length; p++) {
            for (int i = 0; i < half; i++) {
                double angle = p * rope.inverseFrequencies().get(i);
                cos[p * half + i] = (float) (Math.cos(angle) * rope.factor());
                sin[p * half + i] = (float) (Math.sin(angle) * rope.factor());
            }
        }
        Shape shape = new Shape(length, half);
        return new Table(owner.create(cos, shape), owner.create(sin, shape), length);
    }
}
