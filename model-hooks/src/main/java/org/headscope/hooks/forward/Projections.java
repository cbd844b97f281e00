package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.headscope.hooks.weights.Linear;

/** Linear maps seen head by head, for the sites that only exist per head. */
final class Projections {
    private Projections() {}

    /** {@code x [batch, pos, head, d]} times each head's own rows of {@code [head * e, d]}: {@code [batch, pos, head, e]}. */
    static NDArray perHeadIn(NDArray x, Linear linear, int heads) {
        NDManager manager = x.getManager();
        long e = linear.out() / heads;
        NDArray w = Alias.of(linear.weight(), manager)
                .reshape(new Shape(heads, e, linear.in()))
                .transpose(0, 2, 1);
        NDArray y = byHead(x, w, heads);
        return linear.bias() == null
                ? y
                : y.add(Alias.of(linear.bias(), manager).reshape(new Shape(1, 1, heads, e)));
    }

    /** {@code z [batch, pos, head, e]} times each head's own columns of {@code [d, head * e]}, without bias. */
    static NDArray perHeadOut(NDArray z, Linear linear, int heads) {
        long e = linear.in() / heads;
        NDArray w = Alias.of(linear.weight(), z.getManager())
                .reshape(new Shape(linear.out(), heads, e))
                .transpose(1, 2, 0);
        return byHead(z, w, heads);
    }

    /** {@code x [batch, pos, head, in] * w [head, in, out] -> [batch, pos, head, out]}. */
    private static NDArray byHead(NDArray x, NDArray w, int heads) {
        Shape s = x.getShape();
        NDArray flat =
                x.reshape(new Shape(s.get(0) * s.get(1), heads, s.get(3))).transpose(1, 0, 2);
        return flat.matMul(w)
                .transpose(1, 0, 2)
                .reshape(new Shape(s.get(0), s.get(1), heads, w.getShape().get(2)));
    }
}
