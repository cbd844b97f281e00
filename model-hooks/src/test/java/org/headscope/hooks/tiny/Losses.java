package org.headscope.hooks.tiny;

/** Next-token cross entropy in double precision. */
final class Losses {
    private Losses() {}

    /** {@code [batch, pos - 1]} from logits {@code [batch, pos, vocab]}. */
    static float[] perToken(float[] logits, int[][] ids) {
        int length = ids[0].length;
        int vocab = logits.length / (ids.length * length);
        float[] losses = new float[ids.length * (length - 1)];
        for (int b = 0; b < ids.length; b++) {
            for (int p = 0; p < length - 1; p++) {
                int row = (b * length + p) * vocab;
                losses[b * (length - 1) + p] = (float) (logSum(logits, row, vocab) - logits[row + ids[b][p + 1]]);
            }
        }
        return losses;
    }

    private static double logSum(float[] logits, int from, int count) {
        double most = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            most = Math.max(most, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(logits[i] - most);
        }
        return most + Math.log(sum);
    }
}
