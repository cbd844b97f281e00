package org.headscope.analysis.circuit;

import ai.djl.ndarray.NDArray;
import java.util.Objects;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.NormWeights;

/** The circuits of a model as whole {@code [d_model, d_model]} matrices of column vectors, by plain loops in doubles. */
final class FullWeights {
    private final HookedTransformer model;

    FullWeights(HookedTransformer model) {
        this.model = model;
    }

    /** What a head writes for what it reads. */
    double[][] ov(int layer, int head) {
        AttentionWeights a = block(layer).attention();
        int dHead = model.config().dims().dHead();
        double[][] o = array(a.o().weight());
        double[][] own = new double[o.length][dHead];
        for (int i = 0; i < o.length; i++) {
            System.arraycopy(o[i], head * dHead, own[i], 0, dHead);
        }
        return times(
                own, reads(a.v().weight(), layer, head / model.config().dims().group()));
    }

    /** Scores of keys (columns) for queries (rows). */
    double[][] qk(int layer, int head) {
        AttentionWeights a = block(layer).attention();
        double[][] k = reads(a.k().weight(), layer, head / model.config().dims().group());
        return times(transposed(reads(a.q().weight(), layer, head)), k);
    }

    /** {@code W_U W_O W_V W_E}, {@code [vocab, vocab]}. */
    double[][] tokensToLogits(int layer, int head) {
        var unembed = model.weights().unembed();
        double[][] u = array(unembed.unembed().weight());
        if (unembed.finalNorm() != null) {
            u = behind(u, unembed.finalNorm());
        }
        double[][] e = transposed(array(model.weights().embed().tokens()));
        return times(times(u, ov(layer, head)), e);
    }

    private BlockWeights block(int layer) {
        return model.weights().blocks().get(layer);
    }

    private double[][] reads(NDArray weight, int layer, int head) {
        double[][] all = array(weight);
        int dHead = model.config().dims().dHead();
        double[][] own = new double[dHead][];
        System.arraycopy(all, head * dHead, own, 0, dHead);
        NormWeights norm = block(layer).norms().ln1();
        return norm == null ? own : behind(own, norm);
    }

    /** {@code W diag(g) (I - 11^T / d)}, the last factor only for LayerNorm. */
    private double[][] behind(double[][] w, NormWeights norm) {
        int d = w[0].length;
        float[] gain = norm.weight() == null
                ? null
                : Objects.requireNonNull(norm.weight()).toFloatArray();
        boolean centred = model.config().block().norm().kind() == NormSpec.Kind.LAYER;
        double[][] map = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                double entry = (i == j ? 1 : 0) - (centred ? 1.0 / d : 0);
                map[i][j] = entry * (gain == null ? 1 : gain[i]);
            }
        }
        return times(w, map);
    }

    static double[][] times(double[][] a, double[][] b) {
        double[][] product = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    static double[][] transposed(double[][] a) {
        double[][] turned = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                turned[j][i] = a[i][j];
            }
        }
        return turned;
    }

    static double norm(double[][] a) {
        double squares = 0;
        for (double[] row : a) {
            for (double value : row) {
                squares += value * value;
            }
        }
        return Math.sqrt(squares);
    }

    private static double[][] array(NDArray weight) {
        float[] flat = weight.toFloatArray();
        int columns = (int) weight.getShape().get(1);
        double[][] rows = new double[flat.length / columns][columns];
        for (int i = 0; i < flat.length; i++) {
            rows[i / columns][i % columns] = flat[i];
        }
        return rows;
    }
}
