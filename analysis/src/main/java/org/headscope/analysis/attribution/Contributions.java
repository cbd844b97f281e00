package org.headscope.analysis.attribution;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.config.Dims;

/** What every part of a model adds to one number, such as a logit less the mean of others. */
public final class Contributions {
    private static final double TOLERANCE = 1e-3;
    /* Parts may cancel down to almost nothing; then the error is held against one percent of their size instead. */
    private static final double SHARE_OF_SIZE = 1e-2;

    private final double[][] heads;
    private final double[] attentionBiases;
    private final double[] mlps;
    private final double constant;
    private double tokenEmbedding;
    private double positionEmbedding;

    Contributions(Dims dims, double constant) {
        this.heads = new double[dims.layers()][dims.heads()];
        this.attentionBiases = new double[dims.layers()];
        this.mlps = new double[dims.layers()];
        Arrays.fill(mlps, Double.NaN);
        this.constant = constant;
    }

    void embeddings(double token, double position) {
        tokenEmbedding = token;
        positionEmbedding = position;
    }

    void head(int layer, int head, double value) {
        heads[layer][head] = value;
    }

    void attentionBias(int layer, double value) {
        attentionBiases[layer] = value;
    }

    void mlp(int layer, double value) {
        mlps[layer] = value;
    }

    /** {@return what every head adds, {@code [layer][head]}; not copied} */
    public double[][] heads() {
        return heads;
    }

    /** {@return what every MLP adds, {@code [layer]}; NaN where there is none; not copied} */
    public double[] mlps() {
        return mlps;
    }

    /** {@code [layer]}: all heads with the output bias. */
    double[] attention() {
        double[] sums = new double[heads.length];
        Arrays.setAll(sums, l -> Arrays.stream(heads[l]).sum() + attentionBiases[l]);
        return sums;
    }

    /** {@code [layer]}: everything up to a layer, the constant included. */
    double[] accumulated() {
        double[] sums = new double[heads.length];
        double[] attention = attention();
        double sum = constant + tokenEmbedding + orZero(positionEmbedding);
        for (int l = 0; l < sums.length; l++) {
            sum += attention[l] + orZero(mlps[l]);
            sums[l] = sum;
        }
        return sums;
    }

    /** {@return the sum of all parts, which is the number itself} */
    public double sum() {
        return accumulated()[heads.length - 1];
    }

    /** How large the parts are altogether, which is what rounding errors are in proportion to. */
    private double size() {
        double size = Math.abs(constant) + Math.abs(tokenEmbedding) + Math.abs(orZero(positionEmbedding));
        for (int l = 0; l < heads.length; l++) {
            size += Arrays.stream(heads[l]).map(Math::abs).sum();
            size += Math.abs(attentionBiases[l]) + Math.abs(orZero(mlps[l]));
        }
        return size;
    }

    /** Insists that the parts add up to the model's own number. */
    Contributions requireSum(double actual) {
        double scale = Math.max(Math.abs(actual), SHARE_OF_SIZE * size());
        // A logit at its soft cap is infinite before the cap; then there is nothing to hold the sum against.
        if (Double.isInfinite(actual) || Math.abs(sum() - actual) <= TOLERANCE * Math.max(scale, TOLERANCE)) {
            return this;
        }
        throw new HeadscopeException("The parts add up to " + sum() + " but the model says " + actual
                + ", so the attribution would be wrong. Check for standing interventions on attention or residual outputs "
                + "and for weights that are not finite.");
    }

    private static double orZero(double value) {
        return Double.isNaN(value) ? 0 : value;
    }

    /** All parts by name, in forward order; they add up to {@link #sum}. */
    Map<String, Double> parts() {
        Map<String, Double> parts = new LinkedHashMap<>();
        boolean apart = !Double.isNaN(positionEmbedding);
        parts.put(apart ? "token embedding" : "embedding", tokenEmbedding);
        if (apart) {
            parts.put("position embedding", positionEmbedding);
        }
        for (int l = 0; l < heads.length; l++) {
            parts.put("heads " + l, Arrays.stream(heads[l]).sum());
            parts.put("attention bias " + l, attentionBiases[l]);
            if (!Double.isNaN(mlps[l])) {
                parts.put("mlp " + l, mlps[l]);
            }
        }
        parts.put("final norm bias and b_U", constant);
        return parts;
    }
}
