package org.headscope.analysis.task;

/**
 * The Wilson score interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22), at 95 %. It stays within 0 and 1, and has a
 * width also where all answers were right or none.
 *
 * @param lower lower end, 0 to 1
 * @param upper upper end, 0 to 1
 */
public record WilsonInterval(double lower, double upper) {
    private static final double Z = 1.959963984540054;

    /**
     * The interval of a count.
     *
     * @param right how many times it happened
     * @param total out of how many, at least 1
     * @return the interval
     */
    public static WilsonInterval of(int right, int total) {
        double share = (double) right / total;
        double widened = 1 + Z * Z / total;
        double middle = (share + Z * Z / (2.0 * total)) / widened;
        double half = Z * Math.sqrt(share * (1 - share) / total + Z * Z / (4.0 * total * total)) / widened;
        return new WilsonInterval(right == 0 ? 0 : middle - half, right == total ? 1 : middle + half);
    }
}
