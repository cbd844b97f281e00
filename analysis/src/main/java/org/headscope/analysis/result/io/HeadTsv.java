package org.headscope.analysis.result.io;

import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;

/**
 * A grid of heads as a bare matrix: one line per layer, one number per head (or key-value head), tabs between them, no
 * header. That is how DuoAttention keeps its gates ({@code full_attention_heads.tsv}) and what {@code numpy.loadtxt} reads.
 */
public final class HeadTsv {
    private HeadTsv() {}

    /**
     * @param panel what to write
     * @return the values; what is missing is {@code NaN}
     */
    public static String write(HeadGrid panel) {
        Grid grid = panel.grid();
        int heads = grid.shape()[1];
        StringBuilder text = new StringBuilder();
        for (int cell = 0; cell < grid.size(); cell++) {
            text.append(grid.valueAt(cell)).append(cell % heads == heads - 1 ? '\n' : '\t');
        }
        return text.toString();
    }
}
