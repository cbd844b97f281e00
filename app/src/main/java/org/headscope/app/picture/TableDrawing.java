package org.headscope.app.picture;

import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.Table.Column;
import org.headscope.analysis.result.Table.Type;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.picture.TextStyle.Anchor;

/** A table with a rule below its head. */
final class TableDrawing implements Drawing {
    private static final int LEFT = 10;
    private static final int TOP = 46;
    private static final int ROW = 18;
    private static final int GAP = 18;
    private static final int MOST_ROWS = 60;

    private final Table table;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<Box> columns = new ArrayList<>();

    TableDrawing(Table table) {
        this.table = table;
        table.rows().stream()
                .limit(MOST_ROWS)
                .forEach(row -> rows.add(row.stream().map(TableDrawing::text).toList()));
        double x = LEFT;
        for (int i = 0; i < table.columns().size(); i++) {
            int column = i;
            double widest = rows.stream()
                    .mapToDouble(row -> TextStyle.PLAIN.width(row.get(column)))
                    .max()
                    .orElse(0);
            double width = Math.max(
                    widest, TextStyle.STRONG.width(Labels.of(table.columns().get(i))));
            columns.add(new Box(x, TOP, width, ROW));
            x += width + GAP;
        }
    }

    private static String text(Object value) {
        if (value instanceof Double number) {
            return Ticks.format(number);
        }
        return Labels.line(value.toString());
    }

    @Override
    public double width() {
        double end = columns.isEmpty() ? LEFT : columns.get(columns.size() - 1).right();
        return Math.max(end + LEFT, 30 + TextStyle.TITLE.width(table.title()));
    }

    @Override
    public double height() {
        return TOP + ROW * (rows.size() + 1) + 14;
    }

    @Override
    public void draw(Surface to) {
        int left = table.rows().size() - rows.size();
        page(
                to,
                table.title(),
                left == 0
                        ? ""
                        : "the first " + rows.size() + " of " + table.rows().size() + " rows");
        for (int i = 0; i < columns.size(); i++) {
            Column column = table.columns().get(i);
            write(to, Labels.of(column), i, TextStyle.STRONG, 0);
            for (int row = 0; row < rows.size(); row++) {
                write(to, rows.get(row).get(i), i, TextStyle.PLAIN, row + 1);
            }
        }
        rule(to, 0, new Pen(INK, 1));
        for (int row = 1; row < rows.size(); row++) {
            rule(to, row, new Pen(RULE, 0.6));
        }
        rule(to, rows.size(), new Pen(INK, 1));
    }

    /** Numbers stand flush right, so that their digits can be compared. */
    private void write(Surface to, String text, int column, TextStyle style, int row) {
        Type type = table.columns().get(column).type();
        boolean number = type == Type.NUMBER || type == Type.INTEGER;
        Box box = columns.get(column);
        Spot at = new Spot(number ? box.right() : box.x(), TOP + row * ROW + 12);
        to.text(text, at, number ? style.at(Anchor.END) : style);
    }

    private void rule(Surface to, int row, Pen pen) {
        double y = TOP + (row + 1) * ROW;
        to.line(List.of(new Spot(LEFT, y), new Spot(width() - LEFT, y)), pen);
    }
}
