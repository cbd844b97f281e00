package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.headscope.analysis.result.Axis;

/** The largest numbers of the residual stream, layer by layer; row 0 is what enters the first block. */
final class MassiveTally {
    /** Columns of {@link #top}: the three largest magnitudes of a layer and the median of all. */
    static final List<String> LINES = List.of("largest", "second", "third", "median");

    final HeadScores top;
    /* The largest magnitude of every token of the first sequence, [row][pos]. */
    final double[][] firstSequence;
    private final MassiveCriterion criterion;
    private final List<Found> massive = new ArrayList<>();
    private final Found[] largest;

    /**
     * One activation.
     *
     * @param row 0 for what enters the first block, l + 1 for what leaves block l
     * @param sequence which sequence
     * @param position where in it
     * @param channel which of {@code d_model}
     * @param value the activation
     * @param median median magnitude of the same state
     */
    record Found(int row, int sequence, int position, int channel, double value, double median) {
        double magnitude() {
            return Math.abs(value);
        }

        /** NaN when most of the state is zero. */
        double ratio() {
            return median == 0 ? Double.NaN : magnitude() / median;
        }
    }

    MassiveTally(int layers, MassiveCriterion criterion) {
        this.top = new HeadScores(layers + 1, Axis.of(Axis.SERIES, LINES.size()));
        this.firstSequence = new double[layers + 1][];
        this.criterion = criterion;
        this.largest = new Found[layers + 1];
    }

    /** Stream {@code [batch, pos, d_model]} of a row. */
    void stream(NDArray value, int row, int first) {
        Shape s = value.getShape();
        int positions = (int) s.get(1);
        int width = (int) s.get(2);
        float[] flat = value.toFloatArray();
        for (int b = 0; b < s.get(0); b++) {
            if (top.sequences() == first + b) {
                top.open();
            }
            double[] tokens = new double[positions];
            for (int t = 0; t < positions; t++) {
                tokens[t] = token(flat, (b * positions + t) * width, width, new int[] {row, first + b, t});
            }
            if (first + b == 0) {
                firstSequence[row] = tokens;
            }
            magnitudes(Arrays.copyOfRange(flat, b * positions * width, (b + 1) * positions * width), row, first + b);
        }
    }

    private double token(float[] flat, int from, int width, int[] where) {
        int best = 0;
        for (int i = 1; i < width; i++) {
            best = Math.abs(flat[from + i]) > Math.abs(flat[from + best]) ? i : best;
        }
        double max = Math.abs(flat[from + best]);
        Found top1 = largest[where[0]];
        boolean record = top1 == null || max > top1.magnitude();
        if (!record && max <= criterion.floor()) {
            return max;
        }
        double median = MassiveCriterion.median(flat, from, width);
        if (record) {
            largest[where[0]] = new Found(where[0], where[1], where[2], best, flat[from + best], median);
        }
        for (int i = 0; i < width; i++) {
            if (criterion.holds(Math.abs(flat[from + i]), median)) {
                massive.add(new Found(where[0], where[1], where[2], i, flat[from + i], median));
            }
        }
        return max;
    }

    private void magnitudes(float[] values, int row, int sequence) {
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        Arrays.sort(values);
        int n = values.length;
        for (int i = 0; i < LINES.size() - 1; i++) {
            top.set(sequence, row, i, i < n ? values[n - 1 - i] : Double.NaN);
        }
        top.set(sequence, row, LINES.size() - 1, (values[(n - 1) / 2] + (double) values[n / 2]) / 2);
    }

    /** All massive activations, in the order of the forward pass. */
    List<Found> massive() {
        return massive;
    }

    /** The largest activation of a row. */
    Found largest(int row) {
        return largest[row];
    }

    /** Blocks that leave a massive activation where none entered. */
    Set<Integer> forming() {
        Set<List<Integer>> places = new HashSet<>();
        massive.forEach(found -> places.add(List.of(found.row(), found.sequence(), found.position(), found.channel())));
        Set<Integer> layers = new HashSet<>();
        for (Found found : massive) {
            List<Integer> before = List.of(found.row() - 1, found.sequence(), found.position(), found.channel());
            if (found.row() > 0 && !places.contains(before)) {
                layers.add(found.row() - 1);
            }
        }
        return layers;
    }
}
