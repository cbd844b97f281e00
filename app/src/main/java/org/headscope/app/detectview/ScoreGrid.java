package org.headscope.app.detectview;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** The head grid coloured by one score, in step with the selection and the thresholds. */
public final class ScoreGrid {
    private final Workbench bench;
    private final ScoreBoard board;
    private final HeadPick pick;
    private final Thresholds thresholds;
    private final HeadGridModel grid = new HeadGridModel();
    private final StringProperty score = new SimpleStringProperty(this, "score", "");
    private boolean following;

    ScoreGrid(Workbench bench, ScoreBoard board, HeadPick pick, Thresholds thresholds) {
        this.bench = bench;
        this.board = board;
        this.pick = pick;
        this.thresholds = thresholds;
        grid.togglableProperty().set(false);
        grid.numbersShownProperty().set(true);
        score.subscribe(this::show);
        board.scores().subscribe(this::show);
        board.heads().subscribe(this::show); // without scores it is as large as the model
        thresholds.meetingProperty().subscribe(this::outline);
        bench.headProperty().subscribe(this::pointAt);
        grid.cursorProperty().subscribe(this::moved);
    }

    public HeadGridModel grid() {
        return grid;
    }

    /** Key of the score that colours it, empty for none. */
    public StringProperty scoreProperty() {
        return score;
    }

    private void show() {
        Score shown = board.score(score.get()).orElse(null);
        following = true;
        try {
            grid.numberedProperty().set(shown != null);
            grid.columnTitleProperty()
                    .set(
                            shown != null && shown.shared()
                                    ? Messages.get("detect.grid.shared")
                                    : Messages.get("grid.head"));
            grid.valueTitleProperty().set(shown == null ? "" : shown.title());
            boolean centred = shown == null || shown.panel().quantity().zeroCentred();
            grid.scaleKindProperty().set(centred ? ScaleKind.DIVERGING : ScaleKind.SEQUENTIAL);
            grid.valuesProperty().set(shown == null ? blank() : shown.values());
            outline();
        } finally {
            following = false;
        }
        pointAt(bench.headProperty().get());
    }

    private GridValues blank() {
        List<GridCell> heads = board.heads();
        if (heads.isEmpty()) {
            return GridValues.NONE;
        }
        GridCell last = heads.get(heads.size() - 1);
        return GridValues.of(new float[last.row() + 1][last.column() + 1]);
    }

    private GridCell cell(GridCell head) {
        return board.score(score.get()).map(shown -> shown.cell(head)).orElse(head);
    }

    private List<GridCell> heads(GridCell cell) {
        return board.score(score.get()).map(shown -> shown.heads(cell)).orElse(List.of(cell));
    }

    private void outline() {
        Set<GridCell> cells = new TreeSet<>();
        thresholds.meetingProperty().get().forEach(head -> cells.add(cell(head)));
        grid.outlinedProperty().set(cells);
    }

    private void pointAt(@Nullable MaskUnit head) {
        if (head != null && head.kind() == MaskUnit.Kind.HEAD) {
            GridCell cell = cell(new GridCell(head.layer(), head.head()));
            if (!cell.equals(grid.cursorProperty().get())) {
                following = true;
                grid.moveTo(cell, false);
                following = false;
            }
        }
    }

    private void moved(@Nullable GridCell cursor) {
        if (cursor != null && !following) {
            List<GridCell> picked = grid.selection().stream()
                    .flatMap(cell -> heads(cell).stream())
                    .toList();
            pick.set(picked, heads(cursor).get(0));
        }
    }
}
