package org.headscope.app.detectview;

import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.app.control.grid.GridCell;

/** Scores with numbers that were not computed. */
final class Holes {
    private Holes() {}

    /** The same score without the number of one head. */
    static Score in(Score score, GridCell head) {
        Grid grid = score.panel().grid();
        double[] numbers = grid.toArray();
        numbers[head.row() * grid.axes().get(1).size() + head.column()] = Double.NaN;
        HeadGrid panel = new HeadGrid(score.title(), score.panel().quantity(), Grid.of(grid.axes(), numbers));
        return new Score(score.call(), panel, score.group());
    }
}
