package org.headscope.app.attention;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.control.grid.GridCell;
import org.headscope.app.control.grid.GridValues;
import org.headscope.app.control.grid.HeadGridModel;
import org.headscope.app.control.grid.HeatMapModel;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.LatestJob;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.LiveRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Workbench;
import org.jspecify.annotations.Nullable;

/** Where one head looks on the prompt. Only the layer of that head is read, and kept for its other heads. */
public final class AttentionViewModel {
    private static final String PATTERN = "pattern";

    private final Workbench bench;
    private final LatestJob latest;
    private final HeadGridModel picker = new HeadGridModel();
    private final HeatMapModel map = new HeatMapModel();
    private final ReadOnlyStringWrapper title = new ReadOnlyStringWrapper(this, "title", "");
    private final ReadOnlyStringWrapper readOut = new ReadOnlyStringWrapper(this, "readOut", "");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private @Nullable LayerPatterns known;

    /** @param bench what all views share */
    public AttentionViewModel(Workbench bench) {
        this.bench = bench;
        this.latest = new LatestJob(bench.services().jobs());
        picker.togglableProperty().set(false);
        picker.numberedProperty().set(false);
        map.squareProperty().set(true);
        map.scaleKindProperty().set(ScaleKind.SEQUENTIAL);
        map.fixedRangeProperty().set(new ValueRange(0, 1));
        map.rowTitleProperty().set(Messages.get("attention.query"));
        map.columnTitleProperty().set(Messages.get("attention.key"));
        map.valueTitleProperty().set(Messages.get("attention.value"));
        listen();
    }

    private void listen() {
        bench.modelProperty().subscribe(this::modelChanged);
        bench.runProperty().subscribe(this::refresh);
        bench.headProperty().subscribe(this::pointAt);
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

    /** Which head is seen. */
    public ReadOnlyStringProperty titleProperty() {
        return title.getReadOnlyProperty();
    }

    /** The cell under the mouse, or under the cursor, in words. */
    public ReadOnlyStringProperty readOutProperty() {
        return readOut.getReadOnlyProperty();
    }

    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    private void modelChanged(@Nullable OpenModel model) {
        known = null;
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
            map.valuesProperty().set(GridValues.NONE);
            return;
        }
        LayerPatterns layer = known;
        if (layer != null && layer.run() == run && layer.layer() == head.row()) {
            latest.cancel(PATTERN);
            show(layer, head);
            return;
        }
        int wanted = head.row();
        latest.submit(
                PATTERN,
                Job.<LayerPatterns>of(Messages.get("attention.reading"), context -> read(run, wanted))
                        .whenDone(this::take)
                        .whenFailed(failure -> error.set(FailureText.of(failure).message())));
    }

    private static LayerPatterns read(LiveRun run, int layer) {
        float[] patterns = run.pattern(layer);
        int length = run.tokens().ids().size();
        int pairs = length * length;
        List<GridValues> heads = new ArrayList<>();
        for (int head = 0; head < patterns.length / pairs; head++) {
            float[] one = Arrays.copyOfRange(patterns, head * pairs, (head + 1) * pairs);
            heads.add(GridValues.of(length, length, one));
        }
        return new LayerPatterns(run, layer, heads);
    }

    private void take(LayerPatterns fresh) {
        known = fresh;
        error.set("");
        GridCell head = picker.cursorProperty().get();
        if (head != null && head.row() == fresh.layer()) {
            show(fresh, head);
        }
    }

    private void show(LayerPatterns layer, GridCell head) {
        List<String> labels =
                layer.run().strings().stream().map(VisibleText::of).toList();
        map.rowLabels().setAll(labels);
        map.columnLabels().setAll(labels);
        map.valuesProperty().set(layer.heads().get(head.column()));
        title.set(Messages.get("attention.title", head.row() + "." + head.column()));
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
