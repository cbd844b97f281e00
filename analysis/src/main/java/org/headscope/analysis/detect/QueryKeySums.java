package org.headscope.analysis.detect;

/**
 * Sums over pairs of a query and a key it sees, without visiting every pair: a sum over earlier keys of a product with the
 * query is the product with the sum of those keys.
 */
final class QueryKeySums {
    private final int width;
    private final double[] sinkDirection;
    private final double[] directions;
    private double sinkNorm;
    private double norms;
    private int seen;
    private double cosineAt;
    private double cosineOthers;
    private double productAt;
    private double productOthers;
    private int queries;
    private long pairs;

    QueryKeySums(int width) {
        this.width = width;
        this.sinkDirection = new double[width];
        this.directions = new double[width];
    }

    /** The next key; all later queries see it. */
    void key(float[] flat, int from, boolean sink) {
        double norm = AnatomyTally.norm(flat, from, width);
        double[] into = sink ? sinkDirection : directions;
        for (int i = 0; i < width; i++) {
            into[i] += norm == 0 ? 0 : flat[from + i] / norm;
        }
        if (sink) {
            sinkNorm = norm;
        } else {
            norms += norm;
            seen++;
        }
    }

    /** A query that sees the sink and all keys so far. */
    void query(float[] flat, int from) {
        double norm = AnatomyTally.norm(flat, from, width);
        for (int i = 0; i < width; i++) {
            double direction = norm == 0 ? 0 : flat[from + i] / norm;
            cosineAt += direction * sinkDirection[i];
            cosineOthers += direction * directions[i];
        }
        productAt += norm * sinkNorm;
        productOthers += norm * norms;
        queries++;
        pairs += seen;
    }

    double cosineAt() {
        return cosineAt / queries;
    }

    double cosineOthers() {
        return cosineOthers / pairs;
    }

    double normsAt() {
        return productAt / queries;
    }

    double normsOthers() {
        return productOthers / pairs;
    }
}
