package org.headscope.app.lensview;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.analysis.reading.LensTable;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.curve.CurveLine;
import org.headscope.app.control.curve.CurveModel;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeatMapModel;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** What a lens reads, as it is seen: layers by positions, the pinned cell, and one token over all layers. */
public final class LensPicture {
    private final HeatMapModel map = new HeatMapModel();
    private final CurveModel curve = new CurveModel();
    private final ObjectProperty<Shade> shade = new SimpleObjectProperty<>(this, "shade", Shade.PROBABILITY);
    private final ReadOnlyObjectWrapper<@Nullable LensTable> table = new ReadOnlyObjectWrapper<>(this, "table");

    LensPicture() {
        map.scaleKindProperty().set(ScaleKind.SEQUENTIAL);
        map.columnTitleProperty().set(Messages.get("lens.position"));
        map.rowTitleProperty().set(Messages.get("lens.layer"));
        map.cellTextProperty().set(cell -> at(cell, (read, where) -> likeliest(read)));
        map.cellDetailsProperty().set(cell -> at(cell, this::describe));
        curve.xTitleProperty().set(Messages.get("lens.layer"));
        curve.setOnChosen(row -> pin((int) row));
        shade.subscribe(this::paint);
        map.cursorProperty().subscribe(this::showCurve);
    }

    /** Layers by positions; its cursor is the pinned cell. */
    public HeatMapModel map() {
        return map;
    }

    /** The probability of the token that is looked for over all layers, at the pinned position. */
    public CurveModel curve() {
        return curve;
    }

    public ObjectProperty<Shade> shadeProperty() {
        return shade;
    }

    /** What was read; null before the first. */
    public ReadOnlyObjectProperty<@Nullable LensTable> tableProperty() {
        return table.getReadOnlyProperty();
    }

    /** The pinned cell; null when none is. */
    public LensTable.@Nullable Cell pinned() {
        GridCell cell = map.cursorProperty().get();
        LensTable now = table.get();
        return now == null || cell == null || !has(now, cell) ? null : now.at(cell.row(), cell.column());
    }

    /** The pinned cell's place and the token looked for there, in words. */
    public String where() {
        GridCell cell = map.cursorProperty().get();
        LensTable.Cell read = pinned();
        return cell == null || read == null
                ? ""
                : Messages.get(
                        "lens.where",
                        map.rowLabel(cell.row()),
                        Integer.toString(cell.column()),
                        map.columnLabel(cell.column()));
    }

    void show(@Nullable LensTable fresh) {
        LensTable before = table.get();
        table.set(fresh);
        if (fresh == null) {
            map.valuesProperty().set(GridValues.NONE);
            showCurve();
            return;
        }
        map.rowLabels()
                .setAll(IntStream.range(0, fresh.rows().size())
                        .mapToObj(row -> layer(row, fresh.rows().size()))
                        .toList());
        map.columnLabels().setAll(fresh.tokens().stream().map(VisibleText::of).toList());
        curve.namesProperty().set(List.copyOf(map.rowLabels()));
        paint();
        if (before == null
                || !before.tokens().equals(fresh.tokens())
                || map.cursorProperty().get() == null) {
            map.cursorProperty()
                    .set(new GridCell(fresh.rows().size() - 1, fresh.tokens().size() - 1));
            map.moveCursor(0, 0); // brings it into sight
        }
        showCurve();
    }

    private static String layer(int row, int rows) {
        if (row == 0) {
            return Messages.get("lens.row.embedding");
        }
        return row == rows - 1
                ? Messages.get("lens.row.final")
                : Messages.get("lens.row.after", Integer.toString(row - 1));
    }

    private void paint() {
        LensTable now = table.get();
        map.valueTitleProperty().set(shade.get().words());
        map.fixedRangeProperty().set(shade.get().range());
        if (now != null) {
            float[] cells = new float[now.cells().size()];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = (float) shade.get().of(now.cells().get(i));
            }
            map.valuesProperty()
                    .set(GridValues.of(now.rows().size(), now.tokens().size(), cells));
        }
    }

    private void pin(int row) {
        GridCell cell = map.cursorProperty().get();
        if (cell != null) {
            map.cursorProperty().set(new GridCell(row, cell.column()));
        }
    }

    private void showCurve() {
        LensTable now = table.get();
        GridCell cell = map.cursorProperty().get();
        LensTable.Cell pinned = pinned();
        if (now == null || cell == null || pinned == null) {
            curve.lineProperty().set(CurveLine.NONE);
            curve.markProperty().set(null);
            return;
        }
        List<Double> rows = IntStream.range(0, now.rows().size())
                .mapToObj(row -> (double) row)
                .toList();
        List<Double> probabilities = IntStream.range(0, now.rows().size())
                .mapToObj(row -> now.at(row, cell.column()).target().probability())
                .toList();
        curve.yTitleProperty()
                .set(Messages.get("lens.curve", VisibleText.of(pinned.target().text())));
        curve.lineProperty().set(new CurveLine(rows, probabilities));
        curve.markProperty().set(new CurveModel.Mark(cell.row(), pinned.target().probability()));
    }

    private String at(GridCell cell, BiFunction<LensTable.Cell, GridCell, String> words) {
        LensTable now = table.get();
        return now == null || !has(now, cell) ? "" : words.apply(now.at(cell.row(), cell.column()), cell);
    }

    /** The cursor of an earlier, longer prompt stays a moment longer than its table. */
    private static boolean has(LensTable table, GridCell cell) {
        return cell.row() < table.rows().size()
                && cell.column() < table.tokens().size();
    }

    private static String likeliest(LensTable.Cell read) {
        return VisibleText.of(read.likeliest().get(0).text());
    }

    private String describe(LensTable.Cell read, GridCell cell) {
        String top = read.likeliest().stream()
                .map(said -> VisibleText.of(said.text()) + "  " + Ticks.format(said.probability()))
                .collect(Collectors.joining("\n"));
        return Messages.get(
                "lens.cell",
                map.rowLabel(cell.row()),
                Integer.toString(cell.column()),
                map.columnLabel(cell.column()),
                top,
                Ticks.format(read.entropy()),
                Ticks.format(read.divergence()),
                VisibleText.of(read.target().text()),
                Integer.toString(read.rank()));
    }
}
