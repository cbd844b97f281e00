package org.headscope.hooks.testing;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;

/**
 * Numbers of an activation out of native memory, to compute with by hand.
 *
 * @param values row by row
 * @param shape its axes
 */
public record Acts(float[] values, long[] shape) {
    /** Copies an array. */
    public static Acts of(NDArray array) {
        return new Acts(array.toFloatArray(), array.getShape().getShape());
    }

    /** The activation at a site under some interventions. */
    public static Acts at(HookSite site, HookedTransformer model, TokenBatch tokens, Intervention... interventions) {
        try (RunResult run = run(model, tokens, List.of(interventions), site)) {
            return of(run.cache().get(site));
        }
    }

    /** The logits under some interventions. */
    public static Acts logits(HookedTransformer model, TokenBatch tokens, Intervention... interventions) {
        try (RunResult run = run(model, tokens, List.of(interventions))) {
            return of(run.logits());
        }
    }

    /** The receipts of some interventions. */
    public static List<Receipt> receipts(HookedTransformer model, TokenBatch tokens, Intervention... interventions) {
        try (RunResult run = run(model, tokens, List.of(interventions))) {
            return run.receipts();
        }
    }

    /** A run under interventions that keeps some sites. */
    public static RunResult run(
            HookedTransformer model, TokenBatch tokens, List<Intervention> interventions, HookSite... sites) {
        return model.run(RunRequest.of(tokens)
                .edits(new Interventions(model.config()).compile(interventions))
                .capture(sites)
                .build());
    }

    /** One number. */
    public float get(int... index) {
        int flat = 0;
        for (int i = 0; i < index.length; i++) {
            flat = flat * (int) shape[i] + index[i];
        }
        return values[flat];
    }

    /** Computes other numbers of the same shape, one by one, from their place. */
    public Acts map(Entry entry) {
        float[] mapped = new float[values.length];
        for (int flat = 0; flat < mapped.length; flat++) {
            mapped[flat] = (float) entry.at(place(flat), values[flat]);
        }
        return new Acts(mapped, shape);
    }

    /** The largest difference to another activation of the same shape. */
    public double distance(Acts other) {
        if (!new Shape(shape).equals(new Shape(other.shape))) {
            throw new AssertionError(new Shape(shape) + " against " + new Shape(other.shape));
        }
        double largest = 0;
        for (int i = 0; i < values.length; i++) {
            double d = Math.abs((double) values[i] - other.values[i]);
            largest = Double.isNaN(d) ? Double.POSITIVE_INFINITY : Math.max(largest, d);
        }
        return largest;
    }

    /** Whether all bits agree. */
    public boolean same(Acts other) {
        return Arrays.equals(values, other.values) && Arrays.equals(shape, other.shape);
    }

    private int[] place(int flat) {
        int[] place = new int[shape.length];
        int left = flat;
        for (int i = shape.length - 1; i >= 0; i--) {
            place[i] = left % (int) shape[i];
            left /= (int) shape[i];
        }
        return place;
    }

    /** A number from its place and its old value. */
    @FunctionalInterface
    public interface Entry {
        /** {@return the new value} */
        double at(int[] place, float old);
    }
}
