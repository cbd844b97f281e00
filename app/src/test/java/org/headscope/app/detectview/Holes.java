package org.headscope.app.detectview;

import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.app.control.grid.GridCell;

/** Scores with numbers that were not computed, or that belong to several heads. */
final class Holes {
    private Holes() {}

    /** The same score without the number of one head. */
    static Score in(Score score, GridCell head) {
        Grid grid = score.panel().grid();
        double[] numbers = grid.toArray();
        numbers[head.row() * grid.axes().get(1).size() + head.column()] = Double.NaN;
        HeadGrid panel = new HeadGrid(score.title(), score.panel().quantity(), Grid.of(grid.axes(), numbers));
        return new Score(score.call(), score.origin(), panel, score.group());
    }

    /** The numbers of every other head, as if two heads shared keys and values. */
    static Score halved(Score score) {
        Grid grid = score.panel().grid();
        int heads = grid.axes().get(1).size();
        double[] numbers = new double[grid.size() / 2];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = grid.valueAt(2 * i);
        }
        Grid halved = Grid.of(List.of(grid.axes().get(0), Axis.kvHeads(heads / 2)), numbers);
        return new Score(
                score.call(),
                score.origin(),
                new HeadGrid(score.title() + " of keys", score.panel().quantity(), halved),
                2);
    }
}
