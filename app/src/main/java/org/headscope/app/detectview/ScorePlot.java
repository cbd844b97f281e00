package org.headscope.app.detectview;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.scatter.ScatterModel;
import org.headscope.app.control.scatter.ScatterPoint;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.Workbench;

/** Two scores of every head against each other, in step with the selection and the thresholds. */
public final class ScorePlot {
    private final Workbench bench;
    private final ScoreBoard board;
    private final HeadPick pick;
    private final Thresholds thresholds;
    private final ScatterModel scatter = new ScatterModel();
    private final StringProperty x = new SimpleStringProperty(this, "x", "");
    private final StringProperty y = new SimpleStringProperty(this, "y", "");
    private final ReadOnlyStringWrapper agreement = new ReadOnlyStringWrapper(this, "agreement", "");
    private List<GridCell> shown = List.of();

    ScorePlot(Workbench bench, ScoreBoard board, HeadPick pick, Thresholds thresholds) {
        this.bench = bench;
        this.board = board;
        this.pick = pick;
        this.thresholds = thresholds;
        x.subscribe(this::show);
        y.subscribe(this::show);
        board.scores().subscribe(this::show);
        pick.headsProperty().subscribe(this::select);
        bench.headProperty().subscribe(this::point);
        thresholds.meetingProperty().subscribe(this::outline);
        scatter.onSelectedProperty()
                .set((points, lead) -> pick.set(
                        points.stream().map(shown::get).toList(), lead == ScatterModel.NONE ? null : shown.get(lead)));
    }

    public ScatterModel scatter() {
        return scatter;
    }

    /** Key of the score that runs across. */
    public StringProperty xProperty() {
        return x;
    }

    /** Key of the score that runs up. */
    public StringProperty yProperty() {
        return y;
    }

    /** Whether the two rank heads alike, in words. */
    public ReadOnlyStringProperty agreementProperty() {
        return agreement.getReadOnlyProperty();
    }

    private void show() {
        Score across = board.score(x.get()).orElse(null);
        Score up = board.score(y.get()).orElse(null);
        if (across == null || up == null) {
            put(List.of(), List.of());
            agreement.set("");
            return;
        }
        List<GridCell> heads = new ArrayList<>();
        List<ScatterPoint> points = new ArrayList<>();
        for (GridCell head : board.heads()) {
            if (Double.isFinite(across.of(head)) && Double.isFinite(up.of(head))) {
                heads.add(head);
                points.add(new ScatterPoint(
                        Messages.get("detect.head", HeadNames.of(head)), across.of(head), up.of(head)));
            }
        }
        scatter.xTitleProperty().set(board.name(across.key()));
        scatter.yTitleProperty().set(board.name(up.key()));
        put(heads, points);
        agreement.set(
                Agreement.of(across, up, board.heads(), bench.seedProperty().get())
                        .words());
    }

    private void put(List<GridCell> heads, List<ScatterPoint> points) {
        scatter.selectedProperty().set(Set.of());
        scatter.outlinedProperty().set(Set.of());
        shown = heads;
        scatter.pointsProperty().set(points);
        outline();
        select();
    }

    private void outline() {
        scatter.outlinedProperty().set(points(thresholds.meetingProperty().get()));
    }

    private void select() {
        scatter.selectedProperty().set(points(pick.headsProperty().get()));
        point();
    }

    private void point() {
        MaskUnit head = bench.headProperty().get();
        int lead = head == null ? ScatterModel.NONE : shown.indexOf(new GridCell(head.layer(), head.head()));
        scatter.cursorProperty().set(lead);
    }

    private Set<Integer> points(Collection<GridCell> heads) {
        Set<Integer> points = new TreeSet<>();
        heads.forEach(head -> points.add(shown.indexOf(head)));
        points.remove(ScatterModel.NONE);
        return points;
    }
}
