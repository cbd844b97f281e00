package org.headscope.app.attributeview;

import java.util.List;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.control.token.TokenStripModel;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.control.waterfall.WaterfallModel;
import org.headscope.app.control.waterfall.WaterfallRow;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.BackgroundRun;
import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** The state of the view that takes a prediction apart. Follows prompt, mask and tokens while that takes no time. */
public final class AttributeViewModel {
    private static final double QUICK_MILLIS = 150;

    private final Workbench bench;
    private final AttributionRun run;
    private final StringProperty answer = new SimpleStringProperty(this, "answer", "");
    private final StringProperty foil = new SimpleStringProperty(this, "foil", "");
    private final ReadOnlyObjectWrapper<@Nullable Attribution> found = new ReadOnlyObjectWrapper<>(this, "found");
    private final WaterfallModel waterfall = new WaterfallModel();
    private final HeadGridModel heads = new HeadGridModel();
    private final SourceSplit sources = new SourceSplit();
    private final ObservableList<LensRow> lens = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper asked = new ReadOnlyStringWrapper(this, "asked", "");
    private final ReadOnlyStringWrapper check = new ReadOnlyStringWrapper(this, "check", "");
    private final ReadOnlyStringWrapper outdated = new ReadOnlyStringWrapper(this, "outdated", "");

    /** @param bench what all views share */
    public AttributeViewModel(Workbench bench) {
        this.bench = bench;
        this.run = new AttributionRun(bench.services(), this::show);
        heads.togglableProperty().set(false);
        heads.numbersShownProperty().set(true);
        heads.scaleKindProperty().set(ScaleKind.DIVERGING);
        heads.valueTitleProperty().set(Messages.get("attribute.heads.values"));
        waterfall.unitProperty().set(Messages.get("attribute.unit"));
        waterfall.onChosenProperty().set(this::chosen);
        listen();
    }

    private void listen() {
        bench.modelProperty().subscribe(this::modelChanged);
        bench.runProperty().subscribe(this::follow);
        bench.maskProperty().subscribe(this::follow);
        bench.tokens().selectedProperty().subscribe(this::follow);
        answer.subscribe(this::follow);
        foil.subscribe(this::follow);
        bench.headProperty().subscribe(this::headChanged);
        heads.cursorProperty().subscribe(cell -> {
            if (cell != null) {
                bench.headProperty().set(MaskUnit.head(cell.row(), cell.column()));
            }
        });
        follow(); // the prompt may have been there before the view was
    }

    Workbench bench() {
        return bench;
    }

    public BackgroundRun run() {
        return run;
    }

    /** Why there is no answer to what is asked now, empty when there is one. */
    public ReadOnlyStringProperty errorProperty() {
        return run.errorProperty();
    }

    /** The answer as typed; blank for the model's own prediction. */
    public StringProperty answerProperty() {
        return answer;
    }

    /** The foil as typed; blank for the likeliest other token. */
    public StringProperty foilProperty() {
        return foil;
    }

    /** What is shown; null before the first. */
    ReadOnlyObjectProperty<@Nullable Attribution> foundProperty() {
        return found.getReadOnlyProperty();
    }

    public WaterfallModel waterfall() {
        return waterfall;
    }

    /** What each head adds. */
    public HeadGridModel heads() {
        return heads;
    }

    /** The head that is looked at, by source token. */
    public SourceSplit sources() {
        return sources;
    }

    /** The prediction layer by layer. */
    public ObservableList<LensRow> lens() {
        return lens;
    }

    /** What is taken apart, in words. */
    public ReadOnlyStringProperty askedProperty() {
        return asked.getReadOnlyProperty();
    }

    /** The sum of the parts beside the model's own number, in words. */
    public ReadOnlyStringProperty checkProperty() {
        return check.getReadOnlyProperty();
    }

    /** Says that what is shown belongs to an earlier question, empty when it does not. */
    public ReadOnlyStringProperty outdatedProperty() {
        return outdated.getReadOnlyProperty();
    }

    /** @return what the method says about itself */
    AnalysisInfo info() {
        return bench.services().analyses().get("direct-logit-attribution").info();
    }

    /** Answers what is asked now and keeps it in the history. */
    public void start() {
        Question question = question();
        if (question != null) {
            run.start(question);
        }
    }

    private void follow() {
        Question question = question();
        if (question == null) {
            return;
        }
        if (run.millis() <= QUICK_MILLIS) {
            run.follow(question);
        } else {
            Attribution shown = found.get();
            boolean old = shown != null && !shown.question().equals(question);
            outdated.set(old ? Messages.get("attribute.outdated") : "");
        }
    }

    /** What is asked now, null while there is nothing to ask about. */
    private @Nullable Question question() {
        LiveRun on = bench.runProperty().get();
        if (on == null || on.model() != bench.modelProperty().get()) {
            return null;
        }
        int selected = bench.tokens().selectedProperty().get();
        int last = on.strings().size() - 1;
        int position = selected == TokenStripModel.NONE || selected > last ? last : selected;
        return new Question(on, bench.settings(on.model()), answer.get(), foil.get(), position);
    }

    private void modelChanged(@Nullable OpenModel model) {
        run.clear();
        answer.set("");
        foil.set("");
        found.set(null);
        waterfall.stepsProperty().set(List.of());
        lens.clear();
        asked.set("");
        check.set("");
        outdated.set("");
        heads.numberedProperty().set(false);
        heads.valuesProperty()
                .set(
                        model == null
                                ? GridValues.NONE
                                : GridValues.missing(
                                        model.dims().layers(), model.dims().heads()));
        headChanged(bench.headProperty().get());
    }

    private void show(Attribution fresh) {
        found.set(fresh);
        outdated.set("");
        String difference = VisibleText.of(fresh.answer().text()) + " − "
                + VisibleText.of(fresh.foil().text());
        asked.set(Messages.get(
                "attribute.asked",
                VisibleText.of(fresh.answer().text()),
                VisibleText.of(fresh.foil().text()),
                Integer.toString(fresh.question().position()),
                VisibleText.of(fresh.seen().get(fresh.question().position()))));
        waterfall.totalNameProperty().set(difference);
        waterfall.stepsProperty().set(fresh.steps());
        check.set(Messages.get(
                "attribute.check",
                Ticks.format(waterfall.total()),
                Ticks.format(fresh.actual()),
                Ticks.format(waterfall.total() - fresh.actual())));
        Grid grid = fresh.heads().grid();
        float[] cells = new float[grid.size()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = (float) grid.valueAt(i);
        }
        heads.numberedProperty().set(true);
        heads.valuesProperty().set(GridValues.of(grid.shape()[0], grid.shape()[1], cells));
        lens.setAll(fresh.lensRows());
        headChanged(bench.headProperty().get());
    }

    private void headChanged(@Nullable MaskUnit head) {
        if (head != null && head.kind() == MaskUnit.Kind.HEAD) {
            GridCell cell = new GridCell(head.layer(), head.head());
            if (!cell.equals(heads.cursorProperty().get())) {
                heads.moveTo(cell, false);
            }
        }
        sources.show(found.get(), head);
    }

    /** The bar of a head leads to that head. */
    private void chosen(WaterfallRow row) {
        Attribution shown = found.get();
        if (shown == null || row.kind() != WaterfallRow.Kind.PART) {
            return;
        }
        int layers = shown.heads().grid().shape()[0];
        int layer = row.step() - (waterfall.stepsProperty().get().size() - layers);
        if (row.part() < shown.heads().grid().shape()[1]) {
            bench.headProperty().set(MaskUnit.head(layer, row.part()));
        }
    }
}
