package org.headscope.app.picture;

import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;

/** All cuts of a grid of three axes or more, small, side by side, on one scale. */
final class TilesDrawing implements Drawing {
    private static final int TOP = 44;
    private static final int LEFT = 10;
    private static final double LONGEST_SIDE = 110;
    private static final double LEAST_SIDE = 24;
    private static final int LABEL = 16;
    private static final int GAP = 14;
    private static final int PER_ROW = 8;
    private static final int MOST_PER_ROW = 16;
    private static final int MOST = 256;

    private final GridPanel panel;
    private final Grid grid;
    private final List<GridSlice> cuts;
    private final int perRow;
    private final double tileWidth;
    private final double tileHeight;

    TilesDrawing(GridPanel panel) {
        this.panel = panel;
        this.grid = panel.grid();
        GridSlice first = GridSlice.of(panel);
        this.cuts = first.parallel(grid);
        List<Integer> cutAxes = first.cutAxes(grid);
        int last = grid.axes().get(cutAxes.get(cutAxes.size() - 1)).size();
        this.perRow = Math.max(1, cutAxes.size() > 1 && last <= MOST_PER_ROW ? last : Math.min(PER_ROW, cuts.size()));
        double rows = first.rowAxis(grid).size();
        double columns = first.columnAxis(grid).size();
        double unit = LONGEST_SIDE / Math.max(rows, columns);
        this.tileWidth = Math.max(LEAST_SIDE, columns * unit);
        this.tileHeight = Math.max(LEAST_SIDE, rows * unit);
    }

    private double stepX() {
        double widest = shown().stream()
                .mapToDouble(cut -> TextStyle.SMALL.width(cut.place(grid)))
                .max()
                .orElse(0);
        return Math.max(tileWidth, widest) + GAP;
    }

    private List<GridSlice> shown() {
        return cuts.subList(0, Math.min(MOST, cuts.size()));
    }

    private double stepY() {
        return tileHeight + LABEL + GAP;
    }

    private double bottom() {
        return TOP + Math.ceil(shown().size() / (double) perRow) * stepY();
    }

    @Override
    public double width() {
        return Math.max(LEFT + perRow * stepX() + 110, 30 + TextStyle.TITLE.width(panel.title()));
    }

    @Override
    public double height() {
        return Math.max(bottom(), TOP + 150);
    }

    @Override
    public void draw(Surface to) {
        GridSlice first = cuts.get(0);
        String axes = first.columnAxis(grid).name() + " across, "
                + first.rowAxis(grid).name() + " down";
        String left = cuts.size() > MOST ? " · the first " + MOST + " of " + cuts.size() : "";
        page(to, panel.title(), axes.replace('_', ' ') + left);
        GridColors colors =
                GridColors.of(panel.quantity(), IntStream.range(0, grid.size()).mapToDouble(grid::valueAt));
        double stepX = stepX();
        for (int i = 0; i < shown().size(); i++) {
            GridSlice cut = cuts.get(i);
            double x = LEFT + i % perRow * stepX;
            double y = TOP + i / perRow * stepY();
            Box tile = new Box(x, y + LABEL, tileWidth, tileHeight);
            to.text(cut.place(grid), new Spot(x, y + LABEL - 4), TextStyle.SMALL);
            colors.paint(to, grid, cut, tile, grid.size() <= GridColors.MOST_SHAPES);
            to.frame(tile, new Pen(RULE, 0.6));
        }
        ScaleBar.draw(to, new Spot(LEFT + perRow * stepX + 10, TOP + LABEL), 100, colors, panel.quantity());
    }
}
