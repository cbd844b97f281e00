package org.headscope.app.picture;

import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.Table.Column;
import org.headscope.analysis.result.Table.Type;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.picture.TextStyle.Anchor;

/** The rows of a table as points in a plane; those that stand out have another shape too, for eyes that see no colours. */
final class PointsDrawing implements Drawing {
    private static final int TOP = 44;
    private static final int PLOT_WIDTH = 560;
    private static final int PLOT_HEIGHT = 400;
    /** The title of the upright scale. */
    private static final int BESIDE = 28;
    /** More names than this hide the points. */
    private static final int MOST_NAMES = 40;

    private static final double DOT = 3.5;
    private static final int DOT_CORNERS = 16;
    private static final double DIAMOND = 5.5;
    /** Shows how many lie on each other. */
    private static final int SHINING_THROUGH = 0xa0;

    private static final List<Type> BARE = List.of(Type.TEXT, Type.NUMBER, Type.NUMBER);
    private static final List<Type> MARKED = List.of(Type.TEXT, Type.NUMBER, Type.NUMBER, Type.BOOLEAN);

    private final Table table;
    private final List<Point> usual = new ArrayList<>();
    private final List<Point> outstanding = new ArrayList<>();
    private final Axes axes;

    private record Point(String name, double x, double y) {
        static Point of(List<Object> row) {
            return new Point(Labels.line((String) row.get(0)), (Double) row.get(1), (Double) row.get(2));
        }

        boolean known() {
            return Double.isFinite(x) && Double.isFinite(y);
        }
    }

    PointsDrawing(Table table) {
        Columns.check(table, "points", List.of(BARE, MARKED));
        this.table = table;
        List<Point> all = new ArrayList<>();
        for (List<Object> row : table.rows()) {
            Point point = Point.of(row);
            if (point.known()) {
                all.add(point);
                (row.size() == MARKED.size() && (Boolean) row.get(3) ? outstanding : usual).add(point);
            }
        }
        ValueRange x = ValueRange.around(all.stream().mapToDouble(Point::x));
        ValueRange y = ValueRange.around(all.stream().mapToDouble(Point::y));
        double left = Math.ceil(BESIDE + Axes.roomBeside(y));
        this.axes = new Axes(new Box(left, TOP, PLOT_WIDTH, PLOT_HEIGHT), x, y);
    }

    @Override
    public double width() {
        double texts = Math.max(TextStyle.TITLE.width(table.title()), TextStyle.SMALL.width(caption()));
        return Math.max(axes.plot().right() + 30, 30 + texts);
    }

    @Override
    public double height() {
        return axes.plot().bottom() + 50;
    }

    @Override
    public void draw(Surface to) {
        page(to, table.title(), caption());
        axes.draw(to, title(1));
        Box plot = axes.plot();
        to.text(
                title(2),
                new Spot(20, plot.y() + plot.height() / 2),
                TextStyle.PLAIN.rising().at(Anchor.MIDDLE));
        int muted = Palette.thin(Palette.MUTED, SHINING_THROUGH);
        usual.forEach(point -> to.area(place(point).around(DOT, DOT_CORNERS), muted));
        if (outstanding.size() <= MOST_NAMES) {
            NameTags tags =
                    new NameTags(plot, outstanding.stream().map(this::place).toList());
            outstanding.forEach(point -> tags.write(to, point.name(), place(point)));
        }
        outstanding.forEach(point -> to.area(place(point).around(DIAMOND, 4), Palette.ACCENT));
    }

    private Spot place(Point point) {
        return axes.place(point.x(), point.y());
    }

    private String title(int column) {
        return Labels.line(Labels.of(table.columns().get(column)));
    }

    private String caption() {
        List<String> parts = new ArrayList<>();
        if (!outstanding.isEmpty()) {
            Column marked = table.columns().get(3);
            parts.add("diamonds: " + Labels.line(marked.name()));
        }
        int shown = usual.size() + outstanding.size();
        if (shown < table.rows().size()) {
            parts.add(shown + " of " + table.rows().size() + " rows shown, the others lack a number");
        }
        return String.join(" · ", parts);
    }
}
