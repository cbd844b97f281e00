package org.headscope.app.detectview;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.panel.Take;
import org.headscope.app.picture.Sight;
import org.headscope.app.text.Messages;

/** What can be taken out of the view of detectors. Numbers of several runs name all of them as their origins. */
final class DetectTakes {
    private final DetectViewModel model;

    DetectTakes(DetectViewModel model) {
        this.model = model;
    }

    /** The score that colours the grid. */
    Optional<Take> grid() {
        return model.board()
                .score(model.grid().scoreProperty().get())
                .map(score -> Take.of(Sight.whole(score.panel()), List.of(score.origin())));
    }

    /** Two scores of every head. */
    Optional<Take> plot() {
        Score x = model.board().score(model.plot().xProperty().get()).orElse(null);
        Score y = model.board().score(model.plot().yProperty().get()).orElse(null);
        if (x == null || y == null) {
            return Optional.empty();
        }
        String title = Messages.get(
                "detect.save.against",
                model.board().name(y.key()),
                model.board().name(x.key()));
        Table table = table(title, model.board().heads(), List.of(x, y));
        return Optional.of(Take.of(Sight.points(table), origins(List.of(x, y))));
    }

    /** All scores of the heads in the table, in its order. */
    Optional<Take> table(List<GridCell> heads) {
        List<Score> scores = List.copyOf(model.board().scores());
        return scores.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Take.of(Sight.whole(table(Messages.get("detect.save.table"), heads, scores)), origins(scores)));
    }

    private Table table(String title, List<GridCell> heads, List<Score> scores) {
        List<Table.Column> columns = new ArrayList<>();
        columns.add(Table.Column.text(Messages.get("detect.column.head")));
        scores.forEach(score -> columns.add(Table.Column.number(
                model.board().name(score.key()), score.panel().quantity().unit())));
        columns.add(new Table.Column(Messages.get("detect.save.meets"), "", Table.Type.BOOLEAN));
        Set<GridCell> meeting = model.thresholds().meetingProperty().get();
        List<List<Object>> rows = new ArrayList<>();
        for (GridCell head : heads) {
            List<Object> row = new ArrayList<>();
            row.add(HeadNames.of(head));
            scores.forEach(score -> row.add(score.of(head)));
            row.add(meeting.contains(head));
            rows.add(row);
        }
        return new Table(title, columns, rows);
    }

    private static List<Result> origins(List<Score> scores) {
        return scores.stream().map(Score::origin).distinct().toList();
    }
}
