package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.UnembedSpec;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.weights.Linear;
import org.jspecify.annotations.Nullable;

/**
 * The number that is attributed: a logit minus a foil's, or minus the mean over the vocabulary.
 *
 * @param target token id
 * @param foil token id, or null for the mean
 */
record Readout(int target, @Nullable Integer foil) {
    /** The way from the last normalised residual stream to this number. */
    FrozenPath path(HookedTransformer model) {
        Linear unembed = model.weights().unembed().unembed();
        try (NDManager temporary = model.newManager()) {
            int[] tokens = foil == null ? new int[] {target} : new int[] {target, foil};
            Linear columns = model.forward().columns(tokens, temporary);
            double[] rows = FrozenPath.doubles(columns.weight());
            double[] biases = columns.bias() == null ? new double[2] : FrozenPath.doubles(columns.bias());
            int width = rows.length / tokens.length;
            double[] against = new double[width];
            double bias = biases[0];
            if (foil == null) {
                against = FrozenPath.doubles(mean(unembed.weight(), temporary));
                bias -= unembed.bias() == null
                        ? 0
                        : mean(unembed.bias(), temporary).getFloat();
            } else {
                System.arraycopy(rows, width, against, 0, width);
                bias -= columns.bias() == null ? 0 : biases[1];
            }
            double[] direction = new double[width];
            for (int i = 0; i < width; i++) {
                direction[i] = rows[i] - against[i];
            }
            return new FrozenPath(direction, bias);
        }
    }

    private static NDArray mean(NDArray array, NDManager temporary) {
        return Alias.of(array, temporary).mean(new int[] {0});
    }

    /** The number in a row of logits, before any soft cap. */
    double of(float[] logits, UnembedSpec spec) {
        Double cap = spec.softcap();
        if (foil != null) {
            return uncapped(logits[target], cap) - uncapped(logits[foil], cap);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += uncapped(logit, cap);
        }
        return uncapped(logits[target], cap) - sum / logits.length;
    }

    private static double uncapped(double logit, @Nullable Double cap) {
        if (cap == null) {
            return logit;
        }
        double share = logit / cap;
        return cap * 0.5 * (Math.log1p(share) - Math.log1p(-share));
    }
}
