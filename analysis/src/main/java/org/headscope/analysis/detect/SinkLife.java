package org.headscope.analysis.detect;

/**
 * The layers in which the primary sink is alive: from where its norm jumps up to where it falls most.
 *
 * @param position where the primary sink is
 * @param from first block behind which it is alive
 * @param to one past the last
 */
record SinkLife(int position, int from, int to) {
    /**
     * Finds the primary sink among candidate positions.
     *
     * @param norms l2 norms of block outputs, {@code [candidate][layer]}; at least two layers
     */
    static SinkLife of(double[][] norms) {
        int best = 0;
        for (int c = 1; c < norms.length; c++) {
            best = sum(norms[c]) > sum(norms[best]) ? c : best;
        }
        double[] n = norms[best];
        int rise = 0;
        for (int l = 1; l < n.length - 1; l++) {
            rise = n[l + 1] - n[l] > n[rise + 1] - n[rise] ? l : rise;
        }
        int from = rise + 1;
        // A norm that jumps up behind the last block has no later change: the sink lives to the end.
        int to = n.length;
        double lowest = Double.POSITIVE_INFINITY;
        for (int l = from; l < n.length - 1; l++) {
            if (n[l + 1] - n[l] < lowest) {
                lowest = n[l + 1] - n[l];
                to = l + 1;
            }
        }
        return new SinkLife(best, from, to);
    }

    int length() {
        return to - from;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
