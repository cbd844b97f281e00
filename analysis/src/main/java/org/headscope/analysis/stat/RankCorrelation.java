package org.headscope.analysis.stat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Whether two quantities rank things alike (Spearman 1904). Ties get the mean of their ranks. */
public final class RankCorrelation {
    private final double[] first;
    private final double[] second;

    /**
     * Two quantities of the same things.
     *
     * @param a the one
     * @param b the other, as many
     * @throws IllegalArgumentException when there are not equally many, or fewer than three
     */
    public RankCorrelation(double[] a, double[] b) {
        if (a.length != b.length || a.length < 3) {
            throw new IllegalArgumentException("A correlation needs two numbers for each of at least three things, not "
                    + a.length + " and " + b.length + ".");
        }
        this.first = ranks(a);
        this.second = ranks(b);
    }

    /** {@return Spearman's correlation, -1 to 1; NaN when one quantity is the same everywhere or not a number somewhere} */
    public double rho() {
        return Correlation.pearson(first, second);
    }

    /**
     * Compares with chance: the same with the second quantity shuffled.
     *
     * @param shuffles how many times
     * @param seed the same seed shuffles alike
     * @return the comparison; its p is one-sided, for ranking alike
     */
    public ControlTest test(int shuffles, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] controls = new double[shuffles];
        double[] shuffled = second.clone();
        for (int i = 0; i < shuffles; i++) {
            for (int j = shuffled.length - 1; j > 0; j--) {
                int other = random.nextInt(j + 1);
                double kept = shuffled[j];
                shuffled[j] = shuffled[other];
                shuffled[other] = kept;
            }
            controls[i] = Correlation.pearson(first, shuffled);
        }
        return new ControlTest(rho(), controls);
    }

    private static double[] ranks(double[] values) {
        int n = values.length;
        if (Arrays.stream(values).anyMatch(Double::isNaN)) {
            return IntStream.range(0, n).mapToDouble(i -> Double.NaN).toArray();
        }
        Integer[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> values[i]))
                .toArray(Integer[]::new);
        double[] ranks = new double[n];
        for (int from = 0, to; from < n; from = to) {
            to = from + 1;
            while (to < n && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
        }
        return ranks;
    }
}
