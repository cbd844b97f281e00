package org.headscope.app.detectview;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.transformation.FilteredList;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSetting;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.form.FormField;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.BackgroundRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** The state of the view that runs detectors of heads and compares what they find. */
public final class DetectViewModel {
    /** Quick on any model, and what is asked first of a new one. */
    private static final Set<String> USUAL = Set.of("head-detectors", "attention-sinks", "copying-scores");

    private static final String OPEN_IN = "attention";

    private final Workbench bench;
    private final List<Detector> detectors;
    private final DetectorBatch batch;
    private final ScoreBoard board = new ScoreBoard();
    private final Thresholds thresholds = new Thresholds(board);
    private final HeadPick pick;
    private final ScoreGrid grid;
    private final ScorePlot plot;
    private final FilteredList<GridCell> rows = new FilteredList<>(board.heads());
    private final StringProperty filter = new SimpleStringProperty(this, "filter", "");
    private final BooleanProperty onlyMeeting = new SimpleBooleanProperty(this, "onlyMeeting");
    private final ReadOnlyStringWrapper outdated = new ReadOnlyStringWrapper(this, "outdated", "");

    /** @param bench what all views share */
    public DetectViewModel(Workbench bench) {
        this.bench = bench;
        this.detectors = bench.services().analyses().all().stream()
                .filter(Analysis::scoresHeads)
                .map(analysis ->
                        new Detector(analysis, USUAL.contains(analysis.info().id())))
                .sorted(Comparator.comparing((Detector detector) ->
                                !detector.tickedProperty().get())
                        .thenComparing(detector -> detector.info().name()))
                .toList();
        this.batch = new DetectorBatch(bench.services(), this::take);
        this.pick = new HeadPick(bench);
        this.grid = new ScoreGrid(bench, board, pick, thresholds);
        this.plot = new ScorePlot(bench, board, pick, thresholds);
        listen();
    }

    private void listen() {
        bench.modelProperty().subscribe(this::modelChanged);
        bench.promptProperty()
                .subscribe((before, now) -> detectors.forEach(detector -> detector.promptChanged(before, now)));
        detectors.forEach(
                detector -> detector.promptChanged("", bench.promptProperty().get()));
        bench.maskProperty().subscribe(this::age);
        bench.seedProperty().subscribe(this::age);
        bench.bosProperty().subscribe(this::age);
        board.scores().subscribe(this::age);
        detectors.stream()
                .flatMap(detector -> detector.form().fields().stream())
                .map(FormField::textProperty)
                .forEach(text -> text.subscribe(this::age));
        filter.subscribe(this::narrow);
        onlyMeeting.subscribe(this::narrow);
        plot.scatter().onOpenedProperty().set(point -> open());
        thresholds.meetingProperty().subscribe(this::narrow);
    }

    Workbench bench() {
        return bench;
    }

    /** All there are, those that are quick first. */
    public List<Detector> detectors() {
        return detectors;
    }

    /** The run of all that are ticked. */
    public BackgroundRun run() {
        return batch;
    }

    /** What went wrong in the last run, empty when nothing did. */
    public ReadOnlyStringProperty errorProperty() {
        return batch.errorProperty();
    }

    public ScoreBoard board() {
        return board;
    }

    public Thresholds thresholds() {
        return thresholds;
    }

    public HeadPick pick() {
        return pick;
    }

    public ScoreGrid grid() {
        return grid;
    }

    public ScorePlot plot() {
        return plot;
    }

    /** The heads in the table. */
    public FilteredList<GridCell> rows() {
        return rows;
    }

    /** Part of the names of the heads in the table, or several separated by commas. */
    public StringProperty filterProperty() {
        return filter;
    }

    /** Whether the table has only heads that meet all thresholds. */
    public BooleanProperty onlyMeetingProperty() {
        return onlyMeeting;
    }

    /** Says that scores were measured under other conditions than those of now, empty when none were. */
    public ReadOnlyStringProperty outdatedProperty() {
        return outdated.getReadOnlyProperty();
    }

    /** Checks the forms of all that are ticked and starts. */
    public void start() {
        OpenModel model = bench.modelProperty().get();
        if (model == null) {
            return;
        }
        batch.clear();
        List<AnalysisCall> calls = new ArrayList<>();
        RunSettings settings = bench.settings(model);
        boolean wrong = false;
        for (Detector detector : ticked()) {
            Optional<ParameterException> refused = detector.check();
            refused.ifPresent(why -> batch.refuse(
                    Messages.get("detect.failed", detector.info().name(), String.valueOf(why.getMessage()))));
            wrong |= refused.isPresent();
            calls.add(detector.call(model, settings));
        }
        if (calls.isEmpty()) {
            batch.refuse(Messages.get("detect.nothingTicked"));
        } else if (!wrong) {
            batch.start(calls);
        }
    }

    private List<Detector> ticked() {
        return detectors.stream()
                .filter(detector -> detector.tickedProperty().get())
                .toList();
    }

    /** Masks heads at z, in one step that can be undone. */
    public void mask(Collection<GridCell> heads) {
        HeadMask now = bench.maskProperty().get();
        if (now != null && !heads.isEmpty()) {
            bench.maskProperty().set(now.with(HeadNames.units(heads), MaskSetting.ZERO));
        }
    }

    /** Shows where the head looks that is looked at. */
    public void open() {
        bench.navigation().show(OPEN_IN);
    }

    /** Whether a score was measured under other conditions than those of now. */
    boolean isOutdated(Score score) {
        OpenModel model = bench.modelProperty().get();
        return model == null
                || detectors.stream()
                        .filter(detector -> detector.info()
                                .id()
                                .equals(score.call().analysis().info().id()))
                        .noneMatch(detector ->
                                detector.call(model, bench.settings(model)).equals(score.call()));
    }

    private void modelChanged(@Nullable OpenModel model) {
        batch.clear();
        pick.set(List.of(), null); // first, or the table would pick heads while its rows are replaced
        board.modelChanged(model);
        grid.scoreProperty().set("");
        plot.xProperty().set("");
        plot.yProperty().set("");
    }

    private void take(AnalysisCall call, Result result) {
        board.put(Score.of(call, result));
        List<String> keys = board.keys();
        if (grid.scoreProperty().get().isEmpty() && !keys.isEmpty()) {
            grid.scoreProperty().set(keys.get(0));
            plot.xProperty().set(keys.get(0));
        }
        if (plot.yProperty().get().isEmpty() && keys.size() > 1) {
            plot.yProperty().set(keys.get(1));
        }
    }

    private void age() {
        long old = board.scores().stream().filter(this::isOutdated).count();
        outdated.set(
                old == 0
                        ? ""
                        : Messages.get(
                                "detect.outdated",
                                Long.toString(old),
                                Integer.toString(board.scores().size())));
    }

    private void narrow() {
        List<String> wanted = List.of(filter.get().trim().split("[\\s,]+"));
        Set<GridCell> meeting = thresholds.meetingProperty().get();
        boolean all = !onlyMeeting.get();
        rows.setPredicate(head -> (all || meeting.contains(head))
                && wanted.stream().anyMatch(part -> HeadNames.of(head).startsWith(part)));
    }
}
