package org.headscope.analysis.recall;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.IntStream;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.weights.NormWeights;

/**
 * What a direction of the residual stream says for every token, up to the final norm's scale: centred for LayerNorm, times the
 * gain, through W_U, minus the mean over the vocabulary. Biases are left out, since they belong to no direction.
 *
 * @param logits one number per token, with mean 0; {@code [vocab]}
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record VocabularyReading(double[] logits) {
    static VocabularyReading of(HookedTransformer model, double[] direction) {
        NormWeights norm = model.weights().unembed().finalNorm();
        boolean centred = norm != null && model.config().block().norm().kind() == NormSpec.Kind.LAYER;
        double mean = centred ? Arrays.stream(direction).average().orElse(0) : 0;
        NDArray weight = norm == null ? null : norm.weight();
        float[] gain = weight == null ? null : weight.toFloatArray();
        float[] x = new float[direction.length];
        for (int d = 0; d < x.length; d++) {
            x[d] = (float) ((direction[d] - mean) * (gain == null ? 1 : gain[d]));
        }
        try (NDManager temporary = model.newManager()) {
            NDArray row = temporary.create(x, new Shape(1, x.length));
            NDArray unembed = Alias.of(model.weights().unembed().unembed().weight(), temporary);
            float[] logits = row.matMul(unembed.transpose()).toFloatArray();
            double middle = IntStream.range(0, logits.length)
                    .mapToDouble(i -> logits[i])
                    .average()
                    .orElseThrow();
            return new VocabularyReading(IntStream.range(0, logits.length)
                    .mapToDouble(i -> logits[i] - middle)
                    .toArray());
        }
    }

    /** Probability that a token of the class stands above one outside it, ties counting half: 0.5 is chance. */
    double separates(Set<Integer> tokens) {
        double above = 0;
        long pairs = 0;
        for (int inside : tokens) {
            for (int outside = 0; outside < logits.length; outside++) {
                if (!tokens.contains(outside)) {
                    above += logits[inside] > logits[outside] ? 1 : logits[inside] == logits[outside] ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        return above / pairs;
    }

    /** Tokens with the highest numbers, highest first. */
    int[] top(int count) {
        return IntStream.range(0, logits.length)
                .boxed()
                .sorted((i, j) -> Double.compare(logits[j], logits[i]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
