package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.site.HookSite;

/**
 * Points of a path along which one activation grows from nothing to what it is: one prompt fills the rows of a batch, and
 * in each row the activation is multiplied by other factors.
 *
 * @param context the model and what stands
 * @param question the prompt and what is read off it
 * @param site what is scaled, with an axis of heads
 */
record ScaledPath(AnalysisContext context, Question question, HookSite site) {
    private static final String LABEL = "scaled for the path";
    private static final int TOKENS_AT_ONCE = 1024;
    private static final long NUMBERS_AT_ONCE = 8_000_000;

    /** How many rows go through the model together. */
    int rowsAtOnce() {
        Dims dims = context.model().config().dims();
        long length = question.ids().length;
        // Nearly all of it are attention patterns, also where others are scaled.
        long most = NUMBERS_AT_ONCE / (dims.heads() * length * length);
        return (int) Math.max(1, Math.min(TOKENS_AT_ONCE / length, most));
    }

    /** Gradients at the scaled activation; {@code factors [row][head]}. The metric is the sum over rows. */
    Gradients.Result slopes(float[][] factors) {
        List<int[]> rows = Collections.nCopies(factors.length, question.ids());
        RunRequest request = StandingRun.of(context, TokenBatch.of(rows.toArray(int[][]::new)))
                .hook(LABEL, site, (value, point) -> value.mul(gates(value, factors)))
                .capture(site)
                .lastLogits()
                .build();
        return new Gradients(context.model()).of(request, question.summed()::of);
    }

    private NDArray gates(NDArray value, float[][] factors) {
        int heads = factors[0].length;
        float[] flat = new float[factors.length * heads];
        for (int row = 0; row < factors.length; row++) {
            System.arraycopy(factors[row], 0, flat, row * heads, heads);
        }
        long[] dims = new long[value.getShape().dimension()];
        Arrays.fill(dims, 1);
        dims[0] = factors.length;
        dims[site.kind().headAxis()] = heads;
        return value.getManager().create(flat, new Shape(dims));
    }
}
