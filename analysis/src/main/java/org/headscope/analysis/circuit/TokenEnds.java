package org.headscope.analysis.circuit;

import ai.djl.ndarray.NDArray;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;

/**
 * Products of a few directions with every token of the vocabulary, in pieces.
 *
 * @param products one row per direction, {@code [directions, vocab]}
 */
record TokenEnds(double[][] products) {
    private static final int PIECE = 2048;

    /**
     * Reads directions through a table of tokens.
     *
     * @param table {@code [vocab, d_model]}
     * @param directions as rows, {@code [directions, d_model]}
     * @return their products
     */
    static TokenEnds of(NDArray table, Matrix directions) {
        int vocab = Math.toIntExact(table.getShape().get(0));
        double[][] products = new double[directions.rows()][vocab];
        for (int from = 0; from < vocab; from += PIECE) {
            int to = Math.min(vocab, from + PIECE);
            Matrix tokens = Rows.of(table, from, to).matrix().transpose();
            double[] piece = Matrices.multiply(directions, tokens).toArray();
            for (int i = 0; i < products.length; i++) {
                System.arraycopy(piece, i * (to - from), products[i], from, to - from);
            }
        }
        return new TokenEnds(products);
    }

    /** The tokens with the largest products; with sign -1 those with the smallest. */
    String words(int direction, int sign, int count, IntFunction<String> show) {
        double[] row = products[direction];
        List<Integer> best = IntStream.range(0, row.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer token) -> -sign * row[token]))
                .limit(count)
                .toList();
        return best.stream().map(show::apply).collect(Collectors.joining(" | "));
    }
}
