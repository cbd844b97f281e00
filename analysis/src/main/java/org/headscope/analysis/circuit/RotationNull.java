package org.headscope.analysis.circuit;

/**
 * Composition of two circuits with given singular values, one of which is turned by a random rotation. The square of the
 * score is {@code sum_ij a_i b_j u_ij^2}, where {@code a} and {@code b} are the shares of the squared singular values and
 * {@code u} is a part of a random orthogonal matrix, whose second and fourth moments are known (Collins and Sniady,
 * math-ph/0402073). So its mean and variance need no drawing.
 *
 * @param width of the residual stream, at least 2
 */
record RotationNull(int width) {
    private static final double ALIKE = 1e-6;

    /** Mean of the squared score: the same for all pairs. */
    double mean() {
        return 1.0 / width;
    }

    /**
     * Standard deviation of the squared score.
     *
     * @param sender {@code sum_i a_i^2}, between 1 / rank and 1
     * @param receiver the same of the other circuit
     */
    double deviation(double sender, double receiver) {
        double d = width;
        double same = 3 / (d * (d + 2));
        double oneShared = 1 / (d * (d + 2));
        double noneShared = (d + 1) / (d * (d - 1) * (d + 2));
        double square = sender * receiver * same
                + (sender * (1 - receiver) + (1 - sender) * receiver) * oneShared
                + (1 - sender) * (1 - receiver) * noneShared;
        return Math.sqrt(Math.max(0, square - mean() * mean()));
    }

    /**
     * How many standard deviations the squared score lies above its mean; NaN where there is no score, or where no rotation
     * can change it because both circuits treat all directions alike.
     */
    double standardised(double score, double sender, double receiver) {
        double deviation = deviation(sender, receiver);
        return deviation < ALIKE * mean() ? Double.NaN : (score * score - mean()) / deviation;
    }
}
