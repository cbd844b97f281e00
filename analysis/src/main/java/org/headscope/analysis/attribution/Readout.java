package org.headscope.analysis.attribution;

import java.util.List;
import org.headscope.hooks.config.UnembedSpec;
import org.jspecify.annotations.Nullable;

/**
 * The number that is attributed: a logit minus the mean of others, or minus the mean over the vocabulary.
 *
 * @param target token id
 * @param against token ids, the target among them or not; null for the whole vocabulary
 */
public record Readout(int target, @Nullable List<Integer> against) {
    /** Copies the list. */
    public Readout {
        against = against == null ? null : List.copyOf(against);
    }

    /** Against a single token, or the vocabulary. */
    static Readout of(int target, @Nullable Integer foil) {
        return new Readout(target, foil == null ? null : List.of(foil));
    }

    /** The number in a row of logits that begins at {@code from}, before any soft cap. */
    double of(float[] logits, int from, int vocab, UnembedSpec spec) {
        Double cap = spec.softcap();
        double sum = 0;
        if (against != null) {
            for (int token : against) {
                sum += uncapped(logits[from + token], cap);
            }
            return uncapped(logits[from + target], cap) - sum / against.size();
        }
        for (int token = 0; token < vocab; token++) {
            sum += uncapped(logits[from + token], cap);
        }
        return uncapped(logits[from + target], cap) - sum / vocab;
    }

    private static double uncapped(double logit, @Nullable Double cap) {
        if (cap == null) {
            return logit;
        }
        double share = logit / cap;
        return cap * 0.5 * (Math.log1p(share) - Math.log1p(-share));
    }
}
