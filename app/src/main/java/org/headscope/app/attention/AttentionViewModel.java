package org.headscope.app.attention;

import java.util.List;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeadGalleryModel;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.control.grid.HeatMapModel;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.RunSettings;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** Where heads look on the prompt: one of them closely, or all of them small. */
public final class AttentionViewModel {
    private static final String PATTERN = "pattern";

    /** How many heads are seen. */
    public enum Page {
        /** One, closely. */
        ONE,
        /** All, small. */
        ALL
    }

    /** Whose pattern is seen closely. */
    public enum Scope {
        /** That of the head. */
        HEAD,
        /** The mean over the heads of its layer. */
        LAYER
    }

    private final Workbench bench;
    private final LatestJob latest;
    private final HeadGridModel picker = new HeadGridModel();
    private final HeatMapModel map = new HeatMapModel();
    private final HeadGalleryModel gallery = new HeadGalleryModel(picker);
    private final TokenGaze gaze = new TokenGaze(map);
    private final GalleryLoader loader;
    private final ObjectProperty<Page> page = new SimpleObjectProperty<>(this, "page", Page.ONE);
    private final ObjectProperty<Scope> scope = new SimpleObjectProperty<>(this, "scope", Scope.HEAD);
    private final BooleanProperty firstHidden = new SimpleBooleanProperty(this, "firstHidden");
    private final BooleanProperty masked = new SimpleBooleanProperty(this, "masked");
    private final BooleanProperty inSight = new SimpleBooleanProperty(this, "inSight", true);
    private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper(this, "title", "");
    private final ReadOnlyStringWrapper readOut = new ReadOnlyStringWrapper(this, "readOut", "");
    private final ReadOnlyStringWrapper conditions = new ReadOnlyStringWrapper(this, "conditions", "");
    private final ReadOnlyStringWrapper first = new ReadOnlyStringWrapper(this, "first", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private @Nullable LayerPatterns known;

    /** @param bench what all views share */
    public AttentionViewModel(Workbench bench) {
        this.bench = bench;
        this.latest = new LatestJob(bench.services().jobs());
        this.loader = new GalleryLoader(bench.services().jobs(), gallery);
        picker.togglableProperty().set(false);
        picker.numberedProperty().set(false);
        picker.setOnCellChosen(head -> page.set(Page.ONE));
        map.squareProperty().set(true);
        map.scaleKindProperty().set(ScaleKind.SEQUENTIAL);
        map.fixedRangeProperty().set(new ValueRange(0, 1));
        map.rowTitleProperty().set(Messages.get("attention.query"));
        map.columnTitleProperty().set(Messages.get("attention.key"));
        map.valueTitleProperty().set(Messages.get("attention.value"));
        gaze.strip().tokensProperty().bind(bench.tokens().tokensProperty());
        gaze.strip().selectedProperty().bindBidirectional(bench.tokens().selectedProperty());
        listen();
    }

    private void listen() {
        bench.modelProperty().subscribe(this::modelChanged);
        bench.runProperty().subscribe(this::refresh);
        bench.headProperty().subscribe(this::pointAt);
        bench.maskProperty().subscribe((before, now) -> refresh());
        bench.resampleProperty().subscribe((before, now) -> refresh());
        page.subscribe((before, now) -> refresh());
        scope.subscribe((before, now) -> refresh());
        firstHidden.subscribe((before, now) -> refresh());
        masked.subscribe((before, now) -> refresh());
        inSight.subscribe((before, now) -> refresh());
        picker.cursorProperty().subscribe(cell -> {
            if (cell != null) {
                bench.headProperty().set(MaskUnit.head(cell.row(), cell.column()));
            }
        });
        map.cursorProperty().subscribe(this::readOut);
        map.hoveredProperty().subscribe(this::readOut);
        map.revisionProperty().subscribe(this::readOut);
    }

    Workbench bench() {
        return bench;
    }

    /** Layers by heads, to choose from. */
    public HeadGridModel picker() {
        return picker;
    }

    /** Queries by keys. */
    public HeatMapModel map() {
        return map;
    }

    /** All heads, small. */
    public HeadGalleryModel gallery() {
        return gallery;
    }

    /** The tokens, and how they look at one of them. */
    public TokenGaze gaze() {
        return gaze;
    }

    public ObjectProperty<Page> pageProperty() {
        return page;
    }

    public ObjectProperty<Scope> scopeProperty() {
        return scope;
    }

    /** Whether the first position, the usual sink, is left out and colours reach over what remains. */
    public BooleanProperty firstHiddenProperty() {
        return firstHidden;
    }

    /** Whether patterns are those under the mask. */
    public BooleanProperty maskedProperty() {
        return masked;
    }

    /** Whether anybody can see the page of all heads. */
    BooleanProperty inSightProperty() {
        return inSight;
    }

    /** Which head is seen. */
    public ReadOnlyStringProperty titleProperty() {
        return title.getReadOnlyProperty();
    }

    /** The cell under the mouse, or under the cursor, in words. */
    public ReadOnlyStringProperty readOutProperty() {
        return readOut.getReadOnlyProperty();
    }

    /** Under which mask the patterns are. */
    public ReadOnlyStringProperty conditionsProperty() {
        return conditions.getReadOnlyProperty();
    }

    /** How much attention the first position gets, and whether it is left out. */
    public ReadOnlyStringProperty firstProperty() {
        return first.getReadOnlyProperty();
    }

    /** Share of all heads that are there, 1 while none is being read. */
    public ReadOnlyDoubleProperty progressProperty() {
        return loader.progressProperty();
    }

    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** Why not all heads could be shown, empty when they could. */
    public ReadOnlyStringProperty galleryErrorProperty() {
        return loader.errorProperty();
    }

    private void modelChanged(@Nullable OpenModel model) {
        known = null;
        loader.stop();
        picker.valuesProperty()
                .set(
                        model == null
                                ? GridValues.NONE
                                : GridValues.of(
                                        new float[model.dims().layers()]
                                                [model.dims().heads()]));
        if (model != null) {
            bench.headProperty().set(MaskUnit.head(0, 0));
        }
        refresh();
    }

    private void pointAt(@Nullable MaskUnit head) {
        if (head != null && head.kind() == MaskUnit.Kind.HEAD) {
            GridCell cell = new GridCell(head.layer(), head.head());
            if (!cell.equals(picker.cursorProperty().get())) {
                picker.moveTo(cell, false);
            }
        }
        refresh();
    }

    private void refresh() {
        LiveRun run = bench.runProperty().get();
        GridCell head = picker.cursorProperty().get();
        if (run == null || head == null) {
            latest.cancel(PATTERN);
            title.set("");
            first.set("");
            gaze.show(null, 0);
            map.valuesProperty().set(GridValues.NONE);
            return;
        }
        conditions.set(AttentionWords.conditions(bench.maskProperty().get(), masked.get()));
        question().ifPresent(this::ask);
        if (page.get() == Page.ALL && inSight.get()) {
            loader.load(new GalleryLoader.Wanted(run, held(run), skipped(run)));
        } else {
            loader.stop();
        }
    }

    /** What is seen closely now, empty while nothing is. */
    Optional<PatternQuestion> question() {
        LiveRun run = bench.runProperty().get();
        GridCell head = picker.cursorProperty().get();
        return run == null || head == null
                ? Optional.empty()
                : Optional.of(new PatternQuestion(
                        run, held(run), head.row(), scope.get() == Scope.HEAD ? head.column() : PatternQuestion.MEAN));
    }

    private RunSettings held(LiveRun run) {
        RunSettings now = bench.settings(run.model());
        return masked.get() ? now : bench.settings(HeadMask.none(run.model().maskShape()));
    }

    /** A prompt of one token has nothing but its first position. */
    int skipped(LiveRun run) {
        return firstHidden.get() && run.tokens().ids().size() > 1 ? 1 : 0;
    }

    private void ask(PatternQuestion question) {
        LayerPatterns read = known;
        HeadPattern there = read == null ? null : read.answer(question);
        if (there != null) {
            latest.cancel(PATTERN);
            show(question, there);
            return;
        }
        latest.submit(
                PATTERN,
                Job.<LayerPatterns>of(
                                Messages.get("attention.reading"), context -> LayerPatterns.read(question, context))
                        .whenDone(fresh -> {
                            known = fresh;
                            show(question, fresh.heads().get(question.head()));
                        })
                        .whenFailed(failure -> error.set(FailureText.of(failure).message())));
    }

    private void show(PatternQuestion question, @Nullable HeadPattern pattern) {
        if (pattern == null) {
            return;
        }
        int skipped = skipped(question.run());
        List<String> labels =
                question.run().strings().stream().map(VisibleText::of).toList();
        error.set("");
        if (!map.rowLabels().equals(labels)) {
            map.rowLabels().setAll(labels);
            map.columnLabels().setAll(labels);
        }
        map.leftOutProperty().set(skipped);
        map.fixedRangeProperty().set(new ValueRange(0, skipped == 0 || pattern.rest() == 0 ? 1 : pattern.rest()));
        map.valuesProperty().set(pattern.values());
        title.set(AttentionWords.title(question));
        first.set(AttentionWords.first(question, pattern, skipped > 0));
        gaze.show(pattern, skipped);
    }

    private void readOut() {
        GridCell hovered = map.hoveredProperty().get();
        GridCell cell = hovered != null ? hovered : map.cursorProperty().get();
        readOut.set(
                cell == null || !map.values().contains(cell)
                        ? Messages.get("attention.hint")
                        : Messages.get(
                                "attention.readOut",
                                Integer.toString(cell.row()),
                                map.rowLabel(cell.row()),
                                Integer.toString(cell.column()),
                                map.columnLabel(cell.column()),
                                Ticks.format(map.values().get(cell))));
    }
}
