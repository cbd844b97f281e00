package org.headscope.analysis.edges;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import org.headscope.hooks.forward.TokenBatch;

/**
 * A prompt, its corrupt twin of as many tokens, and the two next tokens whose logits are compared. Compared by identity.
 *
 * @param clean token ids {@code [pos]}
 * @param corrupt token ids {@code [pos]}
 * @param answer right next token of the clean prompt
 * @param foil right next token of the corrupt prompt
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as they are to the model, never compared
record Contrast(int[] clean, int[] corrupt, int answer, int foil) {

    /**
     * Some of equal length, which go through a model together.
     *
     * @param members at least one
     */
    record Batch(List<Contrast> members) {
        Batch {
            members = List.copyOf(members);
        }

        int size() {
            return members.size();
        }

        TokenBatch clean() {
            return TokenBatch.of(members.stream().map(Contrast::clean).toArray(int[][]::new));
        }

        TokenBatch corrupt() {
            return TokenBatch.of(members.stream().map(Contrast::corrupt).toArray(int[][]::new));
        }

        /** The sum of all logit differences, for backward passes: members do not see each other, so one pass serves all. */
        NDArray sum(NDArray logits) {
            Shape shape = logits.getShape();
            int vocab = (int) shape.get(2);
            float[] signs = new float[members.size() * vocab];
            for (int i = 0; i < members.size(); i++) {
                signs[i * vocab + members.get(i).answer()] += 1;
                signs[i * vocab + members.get(i).foil()] -= 1;
            }
            try (NDArray fromJava = logits.getManager().create(signs, shape)) {
                // The backward pass reads it again, when memory that came from Java may be gone.
                return logits.mul(fromJava.duplicate()).sum();
            }
        }

        /** The logit difference of each; {@code logits} are {@code [batch, 1, vocab]}, of the last position. */
        double[] differences(float[] logits) {
            int vocab = logits.length / members.size();
            double[] differences = new double[members.size()];
            for (int i = 0; i < differences.length; i++) {
                Contrast one = members.get(i);
                differences[i] = (double) logits[i * vocab + one.answer()] - logits[i * vocab + one.foil()];
            }
            return differences;
        }
    }
}
