package org.headscope.app.attention;

import org.headscope.app.control.grid.GridValues;

/**
 * Where one head looks, or the heads of a layer on average.
 *
 * @param values attention probabilities, queries by keys
 * @param first attention to position 0, mean over all queries behind it; NaN for a single token
 * @param rest the largest probability of all other keys
 */
record HeadPattern(GridValues values, double first, double rest) {

    /** Reads the two numbers off a pattern; takes its time on a long one. */
    static HeadPattern of(GridValues values) {
        double first = 0;
        float rest = 0;
        for (int query = 1; query < values.rows(); query++) {
            first += values.get(query, 0);
            for (int key = 1; key < values.columns(); key++) {
                rest = Math.max(rest, values.get(query, key));
            }
        }
        return new HeadPattern(values, values.rows() < 2 ? Double.NaN : first / (values.rows() - 1), rest);
    }
}
