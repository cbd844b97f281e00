package org.headscope.app.detectview;

import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.stat.RankCorrelation;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.text.Messages;

/**
 * Whether two scores rank heads alike. Where heads share a number because they share keys and values, they count as one,
 * with the mean of the other score, or else each number would count several times.
 *
 * @param heads how many heads, or groups of heads, have both numbers
 * @param rho Spearman's correlation, NaN when it does not exist
 * @param p two-sided probability of a correlation at least as strong between shuffled scores, NaN when there is none
 * @param grouped whether groups of heads were counted
 */
record Agreement(int heads, double rho, double p, boolean grouped) {
    static final int SHUFFLES = 999;
    private static final int FEWEST = 3;

    static Agreement of(Score first, Score second, List<GridCell> heads, long seed) {
        int group = Math.max(first.group(), second.group());
        List<double[]> pairs = new ArrayList<>();
        for (int from = 0; from + group <= heads.size(); from += group) {
            List<GridCell> together = heads.subList(from, from + group);
            double a = together.stream().mapToDouble(first::of).average().orElse(Double.NaN);
            double b = together.stream().mapToDouble(second::of).average().orElse(Double.NaN);
            if (Double.isFinite(a) && Double.isFinite(b)) {
                pairs.add(new double[] {a, b});
            }
        }
        if (pairs.size() < FEWEST) {
            return new Agreement(pairs.size(), Double.NaN, Double.NaN, group > 1);
        }
        double[] a = pairs.stream().mapToDouble(pair -> pair[0]).toArray();
        double[] b = pairs.stream().mapToDouble(pair -> pair[1]).toArray();
        double rho = new RankCorrelation(a, b).rho();
        return new Agreement(pairs.size(), rho, p(a, b, rho, seed), group > 1);
    }

    /** The test is one-sided, so the side that the correlation is on is counted twice. */
    private static double p(double[] a, double[] b, double rho, long seed) {
        double[] same = b.clone();
        for (int i = 0; i < same.length; i++) {
            same[i] = rho < 0 ? -same[i] : same[i];
        }
        return Math.min(1, 2 * new RankCorrelation(a, same).test(SHUFFLES, seed).p());
    }

    String words() {
        String count = Integer.toString(heads);
        if (Double.isNaN(rho)) {
            return Messages.get("detect.agreement.none", count);
        }
        String shuffles = Integer.toString(SHUFFLES);
        return grouped
                ? Messages.get("detect.agreement.groups", Ticks.format(rho), Ticks.format(p), count, shuffles)
                : Messages.get("detect.agreement", Ticks.format(rho), Ticks.format(p), count, shuffles);
    }
}
