package org.headscope.app.live;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The distribution over the next token.
 *
 * @param probabilities one per token id; they sum to 1
 */
public record Prediction(double[] probabilities) {
    /**
     * One candidate.
     *
     * @param id its token id
     * @param text how it is shown
     * @param probability how likely it is next
     */
    public record Candidate(int id, String text, double probability) {}

    /**
     * Normalises logits.
     *
     * @param logits one per token id
     * @return the distribution, computed in double precision
     */
    public static Prediction ofLogits(float[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] p = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(logits[i] - largest);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return new Prediction(p);
    }

    /**
     * The likeliest tokens.
     *
     * @param count how many
     * @param show names token ids
     * @return candidates, likeliest first
     */
    public List<Candidate> top(int count, IntFunction<String> show) {
        List<Candidate> best = new ArrayList<>();
        IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> -probabilities[id]))
                .limit(count)
                .forEach(id -> best.add(new Candidate(id, show.apply(id), probabilities[id])));
        return best;
    }

    /**
     * How far another distribution is from this one.
     *
     * @param other the other
     * @return the Kullback-Leibler divergence {@code KL(this || other)} in nats
     */
    public double divergence(Prediction other) {
        double sum = 0;
        for (int i = 0; i < probabilities.length; i++) {
            if (probabilities[i] > 0) {
                sum += probabilities[i] * Math.log(probabilities[i] / Math.max(other.probabilities[i], 1e-300));
            }
        }
        return sum;
    }
}
