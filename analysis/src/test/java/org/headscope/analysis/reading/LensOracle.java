package org.headscope.analysis.reading;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.weights.UnembedWeights;
import org.jspecify.annotations.Nullable;

/** The logit lens by hand: plain loops in double precision over the weights of a model. */
record LensOracle(NormSpec.Kind kind, double eps, @Nullable Double cap, Weights weights) {
    /** Final gain and bias, {@code W_U [vocab, d_model]} row by row, and {@code b_U}; null where the model has none. */
    record Weights(double @Nullable [] gain, double @Nullable [] bias, double[] out, double @Nullable [] outBias) {}

    static LensOracle of(HookedTransformer model, boolean norm) {
        UnembedWeights out = model.weights().unembed();
        NormSpec spec = model.config().block().norm();
        var last = out.finalNorm();
        Weights weights = new Weights(
                last == null ? null : doubles(last.weight()),
                last == null ? null : doubles(last.bias()),
                widened(out.unembed().weight().toFloatArray()),
                doubles(out.unembed().bias()));
        NormSpec.Kind kind = norm && last != null ? spec.kind() : NormSpec.Kind.NONE;
        return new LensOracle(kind, spec.eps(), model.config().unembed().softcap(), weights);
    }

    private static double @Nullable [] doubles(@Nullable NDArray array) {
        return array == null ? null : widened(array.toFloatArray());
    }

    static double[] widened(float[] floats) {
        double[] wide = new double[floats.length];
        Arrays.setAll(wide, i -> floats[i]);
        return wide;
    }

    /** Probabilities {@code [vocab]} that the lens reads in a residual stream {@code [d_model]}. */
    double[] probabilities(double[] x) {
        double[] y = normed(x);
        double[] out = weights.out();
        double[] logits = new double[out.length / y.length];
        for (int id = 0; id < logits.length; id++) {
            for (int i = 0; i < y.length; i++) {
                logits[id] += y[i] * out[id * y.length + i];
            }
            logits[id] += weights.outBias() == null ? 0 : weights.outBias()[id];
            logits[id] = cap == null ? logits[id] : cap * Math.tanh(logits[id] / cap);
        }
        return softmax(logits);
    }

    static double[] softmax(double[] logits) {
        double most = Arrays.stream(logits).max().orElseThrow();
        double sum = Arrays.stream(logits).map(v -> Math.exp(v - most)).sum();
        return Arrays.stream(logits).map(v -> Math.exp(v - most) / sum).toArray();
    }

    private double[] normed(double[] x) {
        if (kind == NormSpec.Kind.NONE) {
            return x;
        }
        double mean = kind == NormSpec.Kind.LAYER ? Arrays.stream(x).average().orElseThrow() : 0;
        double square =
                Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (x[i] - mean) / Math.sqrt(square + eps);
            y[i] *= weights.gain() == null ? 1 : weights.gain()[i];
            y[i] += weights.bias() == null ? 0 : weights.bias()[i];
        }
        return y;
    }
}
