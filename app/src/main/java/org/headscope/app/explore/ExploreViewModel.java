package org.headscope.app.explore;

import java.util.List;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyDoubleProperty;
import javafx.beans.property.ReadOnlyDoubleWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.live.LivePrompt;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.NewestRequest;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.headscope.hooks.intervene.Ablation.Mode;
import org.headscope.hooks.run.Receipt;
import org.jspecify.annotations.Nullable;

/** The state of the view that masks heads and shows what becomes of the prediction. */
public final class ExploreViewModel {
    private final Workbench bench;
    private final HeadGridModel grid = new HeadGridModel();
    private final MaskEditor editor;
    private final HeadScores scores;
    private final NewestRequest<Question, Answer> asking;
    private final ObservableList<PredictionRow> predictions = FXCollections.observableArrayList();
    private final FollowedToken followed = new FollowedToken(predictions);
    private final ObservableList<Receipt> receipts = FXCollections.observableArrayList();
    private final ReadOnlyDoubleWrapper divergence = new ReadOnlyDoubleWrapper(this, "divergence", Double.NaN);
    private final ReadOnlyDoubleWrapper millis = new ReadOnlyDoubleWrapper(this, "millis", Double.NaN);
    private final ReadOnlyStringWrapper maskError = new ReadOnlyStringWrapper(this, "maskError", "");

    private record Question(LiveRun run, HeadMask mask, String resample) {}

    private record Answer(LiveRun run, LivePrompt.Masked masked, double divergence, List<PredictionRow> rows) {}

    /** @param bench what all views share */
    public ExploreViewModel(Workbench bench) {
        this.bench = bench;
        this.editor = new MaskEditor(bench.maskProperty(), grid);
        this.scores = new HeadScores(bench, grid);
        this.asking = new NewestRequest<>(
                bench.services().jobs(), Messages.get("explore.masking"), this::answer, this::show, this::refuse);
        bench.runProperty().subscribe(this::ask);
        bench.maskProperty().subscribe(this::ask);
        bench.resampleProperty().subscribe(this::ask);
        grid.cursorProperty().subscribe(cell -> bench.headProperty().set(unit(cell)));
        bench.headProperty().subscribe(this::pointAt);
        bench.modelProperty().subscribe(this::modelChanged);
    }

    Workbench bench() {
        return bench;
    }

    public HeadGridModel grid() {
        return grid;
    }

    /** What the numbers of the grid are. */
    public HeadScores scores() {
        return scores;
    }

    /** How heads are masked from now on. */
    public ObjectProperty<Mode> modeProperty() {
        return editor.modeProperty();
    }

    /** What a gate leaves of a head. */
    public DoubleProperty gateProperty() {
        return editor.gateProperty();
    }

    /** The prompt that resample ablation takes its activations from. */
    public StringProperty resampleProperty() {
        return bench.resampleProperty();
    }

    public ObservableList<PredictionRow> predictions() {
        return predictions;
    }

    /** The candidate that is looked at closely. */
    public FollowedToken followed() {
        return followed;
    }

    /** Proof that each masked part really acted. */
    public ObservableList<Receipt> receipts() {
        return receipts;
    }

    /** How far the mask moved the prediction: {@code KL(unmasked || masked)} in nats; NaN without a prediction. */
    public ReadOnlyDoubleProperty divergenceProperty() {
        return divergence.getReadOnlyProperty();
    }

    /** How long the last answer took; NaN before the first. */
    public ReadOnlyDoubleProperty millisProperty() {
        return millis.getReadOnlyProperty();
    }

    /** Why the mask could not be applied, empty when it was. */
    public ReadOnlyStringProperty maskErrorProperty() {
        return maskError.getReadOnlyProperty();
    }

    public BooleanProperty numbersShownProperty() {
        return grid.numbersShownProperty();
    }

    public void clearMask() {
        editor.clear();
    }

    private void modelChanged(@Nullable OpenModel model) {
        predictions.clear();
        receipts.clear();
        divergence.set(Double.NaN);
        millis.set(Double.NaN);
        maskError.set("");
        scores.modelChanged(model);
    }

    private void ask() {
        LiveRun run = bench.runProperty().get();
        HeadMask mask = bench.maskProperty().get();
        if (run != null && mask != null && mask.shape().equals(run.model().maskShape())) {
            asking.ask(new Question(run, mask, bench.resampleProperty().get()));
        }
    }

    private Answer answer(Question question) {
        LiveRun run = question.run();
        LivePrompt.Masked masked = run.under(question.mask(), new MaskSources("", question.resample()));
        double moved = run.unmasked().divergence(masked.prediction());
        return new Answer(run, masked, moved, PredictionRow.of(run.unmasked(), masked.prediction(), run::show));
    }

    private void show(Answer answer) {
        if (answer.run() == bench.runProperty().get()) {
            maskError.set("");
            predictions.setAll(answer.rows());
            receipts.setAll(answer.masked().receipts());
            bench.services()
                    .receipts()
                    .show(receipts.stream().map(ReceiptSummary::of).toList());
            divergence.set(answer.divergence());
            millis.set(answer.masked().millis());
        }
    }

    private void refuse(Throwable failure) {
        maskError.set(FailureText.of(failure).message());
    }

    private void pointAt(@Nullable MaskUnit head) {
        if (head != null && head.kind() == MaskUnit.Kind.HEAD) {
            GridCell cell = new GridCell(head.layer(), head.head());
            if (!cell.equals(grid.cursorProperty().get())) {
                grid.moveTo(cell, false);
            }
        }
    }

    private static @Nullable MaskUnit unit(@Nullable GridCell cell) {
        return cell == null ? null : MaskUnit.head(cell.row(), cell.column());
    }
}
