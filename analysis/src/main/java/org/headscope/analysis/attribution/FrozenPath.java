package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.weights.NormWeights;
import org.jspecify.annotations.Nullable;

/**
 * The linear way from a vector in the residual stream to a number, with every norm on the way held at the scale it had:
 * {@code x . direction + constant}.
 *
 * @param direction {@code [d_model]}
 * @param constant what biases on the way add
 */
record FrozenPath(double[] direction, double constant) {
    /** What {@code x} contributes, constant left out. */
    double of(double[] x) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += x[i] * direction[i];
        }
        return sum;
    }

    /** The way through a norm that was in front: {@code (x - mean) / scale * w + b} or {@code x / scale * w}. */
    FrozenPath behind(@Nullable NormWeights norm, NormSpec.Kind kind, double scale) {
        if (norm == null || kind == NormSpec.Kind.NONE) {
            return this;
        }
        double[] gained = direction.clone();
        double added = norm.bias() == null ? 0 : of(doubles(norm.bias()));
        if (norm.weight() != null) {
            double[] gain = doubles(norm.weight());
            for (int i = 0; i < gained.length; i++) {
                gained[i] *= gain[i];
            }
        }
        double mean = kind == NormSpec.Kind.LAYER ? mean(gained) : 0;
        for (int i = 0; i < gained.length; i++) {
            gained[i] = (gained[i] - mean) / scale;
        }
        return new FrozenPath(gained, constant + added);
    }

    /** The way to the difference of two numbers. */
    FrozenPath minus(FrozenPath other) {
        double[] difference = direction.clone();
        for (int i = 0; i < difference.length; i++) {
            difference[i] -= other.direction[i];
        }
        return new FrozenPath(difference, constant - other.constant);
    }

    static double[] doubles(NDArray array) {
        float[] floats = array.toFloatArray();
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
