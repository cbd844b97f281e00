package org.headscope.analysis.detect;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.headscope.analysis.stat.Quantiles;

/**
 * Which tokens of a response set a phrase going, which ones are looked back at, and the credit they get.
 *
 * @param waad {@code [pos]}
 * @param fai {@code [pos]}, NaN where undefined
 * @param response first position of the response
 * @param rules how tokens are chosen and credited
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as it is
record Rhythm(double[] waad, double[] fai, int response, Rules rules) {
    /**
     * How tokens are chosen and credited.
     *
     * @param share share of tokens that are peaks
     * @param lookback how many tokens before an anchor may introduce it
     * @param gain credit of a fully credited token
     * @param toIntro which share of an anchor's credit goes to the token that introduces it
     */
    record Rules(double share, int lookback, double gain, double toIntro) {}

    /** {@code |WAAD_t - WAAD_{t+1}|} in the response, NaN elsewhere and at the last position. */
    double[] delta() {
        double[] delta = new double[waad.length];
        Arrays.fill(delta, Double.NaN);
        for (int t = response; t + 1 < waad.length; t++) {
            delta[t] = Math.abs(waad[t] - waad[t + 1]);
        }
        return delta;
    }

    /** Tokens where the distance of local attention changes most. */
    Set<Integer> localPeaks() {
        return top(delta());
    }

    /** Tokens that are looked back at most: anchors. */
    Set<Integer> anchors() {
        return top(fai);
    }

    private Set<Integer> top(double[] values) {
        List<Integer> eligible = eligible(values);
        long count = Math.max(1, Math.round(rules.share * eligible.size()));
        TreeSet<Integer> top = new TreeSet<>();
        eligible.stream()
                .sorted(Comparator.comparingDouble((Integer t) -> -values[t]).thenComparing(t -> t))
                .limit(count)
                .forEach(top::add);
        return top;
    }

    /** Positions of the response that have a number. */
    List<Integer> eligible(double[] values) {
        return IntStream.range(response, values.length)
                .filter(t -> !Double.isNaN(values[t]))
                .boxed()
                .toList();
    }

    /** Anchors inside a phrase that a token shortly before them began. */
    Set<Integer> dominated() {
        double[] delta = delta();
        double low = Quantiles.of(Arrays.copyOfRange(waad, response, waad.length), 0.5);
        double high = localPeaks().stream().mapToDouble(t -> delta[t]).min().orElse(Double.POSITIVE_INFINITY);
        TreeSet<Integer> dominated = new TreeSet<>();
        for (int t : anchors()) {
            int intro = intro(t);
            if (waad[t] <= low && intro >= 0 && delta[intro] >= high) {
                dominated.add(t);
            }
        }
        return dominated;
    }

    /** The token with the largest change within reach before an anchor, or -1. */
    int intro(int anchor) {
        double[] delta = delta();
        int best = -1;
        for (int t = Math.max(response, anchor - rules.lookback); t < anchor; t++) {
            best = best < 0 || delta[t] > delta[best] ? t : best;
        }
        return best;
    }

    /** 1 for ordinary tokens and for the prompt. */
    double[] credit() {
        double[] share = new double[waad.length];
        Set<Integer> dominated = dominated();
        for (int t : anchors()) {
            share[t] += dominated.contains(t) ? 1 - rules.toIntro : 1;
        }
        dominated.stream().map(this::intro).distinct().forEach(t -> share[t] += rules.toIntro);
        return Arrays.stream(share).map(s -> 1 + (rules.gain - 1) * s).toArray();
    }

    /** Share of some tokens that are, or are shortly behind, a local peak. */
    double coupled(Set<Integer> tokens) {
        Set<Integer> peaks = localPeaks();
        long behind = tokens.stream()
                .filter(t -> IntStream.rangeClosed(t - rules.lookback, t).anyMatch(peaks::contains))
                .count();
        return (double) behind / tokens.size();
    }
}
