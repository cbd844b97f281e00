package org.headscope.hooks.generate;

import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.headscope.hooks.HeadscopeException;

/** Chooses one token after the other. */
final class Sampler {
    private final Sampling sampling;
    private final SplittableRandom random;

    Sampler(Sampling sampling) {
        this.sampling = sampling;
        this.random = new SplittableRandom(sampling.seed());
    }

    /** The next token id, given logits over the vocabulary. */
    int next(float[] logits) {
        int best = likeliest(logits);
        return sampling.temperature() == 0 ? best : drawn(logits, logits[best]);
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 0; i < logits.length; i++) {
            if (Float.isNaN(logits[i])) {
                throw new HeadscopeException("The logit of token " + i + " is not a number, so no token can be chosen."
                        + " Look for an intervention with extreme values.");
            }
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private int drawn(float[] logits, float largest) {
        int[] ids = candidates(logits);
        double[] weights = IntStream.of(ids)
                .mapToDouble(id -> Math.exp(((double) logits[id] - largest) / sampling.temperature()))
                .toArray();
        int kept = nucleus(weights);
        double point = random.nextDouble() * sum(weights, kept);
        for (int i = 0; i < kept; i++) {
            point -= weights[i];
            if (point < 0) {
                return ids[i];
            }
        }
        return ids[kept - 1];
    }

    /** The ids that top_k leaves, likeliest first where a limit needs that. */
    private int[] candidates(float[] logits) {
        IntStream all = IntStream.range(0, logits.length);
        boolean limited = sampling.topK() > 0 && sampling.topK() < logits.length;
        if (!limited && sampling.topP() == 1) {
            return all.toArray();
        }
        IntStream sorted = all.boxed()
                .sorted(Comparator.<Integer>comparingDouble(id -> -logits[id]).thenComparing(id -> id))
                .mapToInt(Integer::intValue);
        return limited ? sorted.limit(sampling.topK()).toArray() : sorted.toArray();
    }

    /** How many of the sorted weights it takes to reach top_p of their sum. */
    private int nucleus(double[] weights) {
        if (sampling.topP() == 1) {
            return weights.length;
        }
        double wanted = sampling.topP() * sum(weights, weights.length);
        double reached = 0;
        for (int i = 0; i < weights.length; i++) {
            reached += weights[i];
            if (reached >= wanted) {
                return i + 1;
            }
        }
        return weights.length;
    }

    private static double sum(double[] weights, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
        }
        return sum;
    }
}
