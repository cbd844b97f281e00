package org.headscope.hooks.gradient;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.run.HookPoint;
import org.headscope.hooks.run.ReceiptBook;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;

/**
 * Leaves an activation as it is and stops its gradient, in some rows of the batch. Rows that hold the same prompt so give
 * gradients along different paths in one backward pass: GradDrop of AtP* (Kramar et al., arXiv 2403.00745), for example,
 * stops what one layer writes.
 *
 * @param site where
 * @param stopped for each row of the batch, whether its gradient ends here
 */
@SuppressWarnings("ArrayRecordComponent") // one edit of one run, never compared
public record GradientStop(HookSite site, boolean[] stopped) implements SiteEdit {
    /** Copies the rows. */
    public GradientStop {
        stopped = stopped.clone();
    }

    @Override
    public boolean[] stopped() {
        return stopped.clone();
    }

    @Override
    public List<String> labels() {
        return List.of("gradient stop at " + site);
    }

    /** @throws HeadscopeException when the batch has another number of rows */
    @Override
    public NDArray apply(NDArray value, HookPoint point, ReceiptBook book) {
        Shape shape = value.getShape();
        if (shape.get(0) != stopped.length) {
            throw new HeadscopeException("A gradient stop at " + site + " was made for a batch of " + stopped.length
                    + " rows, but this one has " + shape.get(0) + ". Give one flag per prompt of the batch.");
        }
        long[] dims = new long[shape.dimension()];
        Arrays.fill(dims, 1);
        dims[0] = stopped.length;
        NDArray rows = value.getManager().create(stopped).reshape(new Shape(dims));
        book.fired(labels().get(0), 0);
        return NDArrays.where(rows.broadcast(shape), value.stopGradient(), value);
    }
}
