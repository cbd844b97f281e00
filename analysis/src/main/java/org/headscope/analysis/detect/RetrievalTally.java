package org.headscope.analysis.detect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.config.Dims;

/** Counts what every head copied in the runs that count. */
final class RetrievalTally {
    private final Dims dims;
    private final List<double[]> recalled = new ArrayList<>();
    private final List<double[]> counted = new ArrayList<>();

    RetrievalTally(Dims dims) {
        this.dims = dims;
    }

    /** The copies of one run, head by head. */
    final class Sheet {
        private final NeedleRun run;
        private final List<Set<Integer>> tokens = new ArrayList<>();
        private final int[] steps = new int[dims.layers() * dims.heads()];

        private Sheet(NeedleRun run) {
            this.run = run;
            for (int i = 0; i < steps.length; i++) {
                tokens.add(new HashSet<>());
            }
        }

        /** A head attended most to {@code attended} when {@code token} was produced. */
        void saw(int layer, int head, int token, int attended) {
            if (run.copies(token, attended)) {
                int at = layer * dims.heads() + head;
                tokens.get(at).add(token);
                steps[at]++;
            }
        }

        /** Adds this run to the scores. */
        void keep() {
            double[] share = new double[steps.length];
            double[] count = new double[steps.length];
            int different = new HashSet<>(run.answer()).size();
            for (int i = 0; i < steps.length; i++) {
                share[i] = (double) tokens.get(i).size() / different;
                count[i] = (double) steps[i] / run.answer().size();
            }
            recalled.add(share);
            counted.add(count);
        }
    }

    Sheet open(NeedleRun run) {
        return new Sheet(run);
    }

    /** Runs that were kept. */
    int kept() {
        return recalled.size();
    }

    /** Mean share of answer tokens that each head copied, as in the paper. */
    double[] paper() {
        return mean(recalled, 0);
    }

    /** Mean number of copying steps per answer token, as in the authors' program; can exceed 1. */
    double[] code() {
        return mean(counted, 0);
    }

    /** Share of runs in which each head copied anything. */
    double[] frequency() {
        return mean(recalled, Double.MIN_VALUE);
    }

    /** Standard deviation over runs of the paper's score. */
    double[] spread() {
        double[] mean = paper();
        double[] spread = new double[mean.length];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (double[] run : recalled) {
                sum += (run[i] - mean[i]) * (run[i] - mean[i]);
            }
            spread[i] = recalled.size() < 2 ? Double.NaN : Math.sqrt(sum / (recalled.size() - 1));
        }
        return spread;
    }

    /** The mean, or with a threshold the share of runs at or above it. */
    private double[] mean(List<double[]> runs, double threshold) {
        double[] mean = new double[dims.layers() * dims.heads()];
        if (runs.isEmpty()) {
            // A model that finds no needle has no scores, which is not the same as scores of 0.
            Arrays.fill(mean, Double.NaN);
        }
        for (double[] run : runs) {
            for (int i = 0; i < mean.length; i++) {
                double value = threshold == 0 ? run[i] : run[i] >= threshold ? 1 : 0;
                mean[i] += value / runs.size();
            }
        }
        return mean;
    }
}
