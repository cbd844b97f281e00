package org.headscope.app.detectview;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javafx.beans.Observable;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.text.Messages;

/** Thresholds on scores, and the heads that meet all of them. */
public final class Thresholds {
    private final ScoreBoard board;
    private final ObservableList<Threshold> all = FXCollections.observableArrayList(
            threshold -> new Observable[] {threshold.atLeastProperty(), threshold.valueProperty()});
    private final ReadOnlyObjectWrapper<Set<GridCell>> meeting = new ReadOnlyObjectWrapper<>(this, "meeting", Set.of());
    private final ReadOnlyStringWrapper summary = new ReadOnlyStringWrapper(this, "summary", "");

    Thresholds(ScoreBoard board) {
        this.board = board;
        all.subscribe(this::weigh);
        board.scores().subscribe(this::scoresChanged);
    }

    public ObservableList<Threshold> all() {
        return all;
    }

    /** The heads that meet every threshold; none while there is no threshold. */
    public ReadOnlyObjectProperty<Set<GridCell>> meetingProperty() {
        return meeting.getReadOnlyProperty();
    }

    /** How many there are, in words; empty while there is no threshold. */
    public ReadOnlyStringProperty summaryProperty() {
        return summary.getReadOnlyProperty();
    }

    /** Adds a threshold on a score, unless none of its numbers is computed. */
    public void add(String key) {
        board.score(key).ifPresent(score -> {
            double[] numbers = IntStream.range(0, score.panel().grid().size())
                    .mapToDouble(score.panel().grid()::valueAt)
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            if (numbers.length > 0) {
                all.add(new Threshold(key, numbers[0], numbers[numbers.length - 1]));
            }
        });
    }

    public void remove(Threshold threshold) {
        all.remove(threshold);
    }

    private void scoresChanged() {
        all.removeIf(threshold -> board.score(threshold.score()).isEmpty());
        weigh();
    }

    private void weigh() {
        List<GridCell> heads = board.heads();
        Set<GridCell> left = new TreeSet<>(all.isEmpty() ? List.of() : heads);
        for (Threshold threshold : all) {
            board.score(threshold.score()).ifPresent(score -> left.removeIf(head -> !threshold.meets(score.of(head))));
        }
        meeting.set(left);
        summary.set(words(left.size(), heads.size()));
    }

    private String words(int left, int of) {
        if (all.isEmpty()) {
            return "";
        }
        return left == 0
                ? Messages.get("detect.threshold.none")
                : Messages.get("detect.threshold.some", Integer.toString(left), Integer.toString(of));
    }
}
