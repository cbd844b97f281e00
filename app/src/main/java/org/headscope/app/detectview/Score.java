package org.headscope.app.detectview;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Result;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.workbench.AnalysisCall;

/**
 * A number for every head, and what it came from.
 *
 * @param call the run that found it
 * @param origin what came out of it
 * @param panel the numbers
 * @param group how many heads share a number: 1, or the heads of a key-value head
 */
public record Score(AnalysisCall call, Result origin, HeadGrid panel, int group) {

    /** All scores of a result, in its order. */
    static List<Score> of(AnalysisCall call, Result result) {
        int heads = call.model().dims().heads();
        List<Score> scores = new ArrayList<>();
        result.panels().stream()
                .filter(HeadGrid.class::isInstance)
                .map(HeadGrid.class::cast)
                .forEach(panel -> scores.add(new Score(
                        call, result, panel, heads / panel.grid().axes().get(1).size())));
        return scores;
    }

    /** @return what tells it from all other scores, whenever it is measured */
    public String key() {
        return call.analysis().info().id() + "/" + panel.title();
    }

    public String title() {
        return panel.title();
    }

    /** @return the quantity with its unit and the method it came from */
    public String explained() {
        String unit = panel.quantity().unit();
        return panel.quantity().name() + (unit.isEmpty() ? "" : " (" + unit + ")") + " · "
                + call.analysis().info().name();
    }

    /** @return whether heads that share keys and values share the number */
    public boolean shared() {
        return panel.grid().axes().get(1).name().equals(Axis.KV_HEAD);
    }

    /** @return the number of a head, NaN when it was not computed */
    public double of(GridCell head) {
        return panel.grid().at(head.row(), head.column() / group);
    }

    /** @return the cell of its own grid that holds the number of a head */
    public GridCell cell(GridCell head) {
        return new GridCell(head.row(), head.column() / group);
    }

    /** @return the heads whose number a cell of its own grid holds */
    public List<GridCell> heads(GridCell cell) {
        return IntStream.range(cell.column() * group, (cell.column() + 1) * group)
                .mapToObj(head -> new GridCell(cell.row(), head))
                .toList();
    }

    /** @return the numbers as a grid control takes them */
    GridValues values() {
        int[] shape = panel.grid().shape();
        float[] cells = new float[panel.grid().size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) panel.grid().valueAt(i);
        }
        return GridValues.of(shape[0], shape[1], cells);
    }
}
