package org.headscope.app.control.grid;

import java.util.List;
import java.util.function.ToDoubleFunction;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import org.headscope.app.control.color.ColorScale;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/**
 * Layers by heads, the same everywhere in the window. A click or Space masks a head, a click on a layer's number the whole
 * layer; masked heads are hatched, from the bottom up to how far they are turned down.
 */
public final class HeadGrid extends GridView<HeadGridModel> {
    private static final double CELL = 30;
    private static final double CELL_WITH_NUMBER = 38;
    /** Grids of small models take larger cells, up to this, until they fill a usual view. */
    private static final double ROOMY_CELL = 60;

    private static final double USUAL_SIDE = 340;

    public HeadGrid(HeadGridModel model) {
        super(model, "head-grid");
        model.marksProperty().subscribe(this::styleChanged);
        model.numbersShownProperty().subscribe(this::styleChanged);
        model.anchorProperty().subscribe(this::overlayChanged);
        model.outlinedProperty().subscribe(this::overlayChanged);
        setAccessibleHelp(Messages.get("grid.accessible.help.head"));
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
    }

    @Override
    protected GridWindow window() {
        return GridWindow.all(model().values());
    }

    @Override
    protected double largestCell() {
        double usual = model().numbersShownProperty().get() ? CELL_WITH_NUMBER : CELL;
        int longer =
                Math.max(1, Math.max(model().values().rows(), model().values().columns()));
        return Math.floor(Math.max(usual, Math.min(ROOMY_CELL, USUAL_SIDE / longer)) * typeFactor());
    }

    @Override
    protected boolean square() {
        return true;
    }

    @Override
    protected @Nullable ToDoubleFunction<GridCell> gates() {
        HeadMarks marks = model().marks();
        return marks.size() == 0 ? null : marks::gate;
    }

    @Override
    protected String summary() {
        GridCell cursor = model().cursorProperty().get();
        return Messages.get(
                "grid.accessible.head",
                Integer.toString(model().values().rows()),
                Integer.toString(model().values().columns()),
                Integer.toString(model().marks().size()),
                cursor == null ? Messages.get("grid.accessible.noCursor") : model().describe(cursor));
    }

    @Override
    protected void paintOnCells(GraphicsContext g, GridFrame labels, ColorScale scale) {
        if (model().numbersShownProperty().get()) {
            labels.paintNumbers(g, scale, cell -> !model().marks().contains(cell));
        }
    }

    @Override
    protected void paintOverlay(GridOverlay painter) {
        model().outlinedProperty().get().forEach(painter::outline);
        GridCell hovered = model().hoveredProperty().get();
        if (hovered != null) {
            painter.hover(hovered);
        }
        List<GridCell> selected = model().selection();
        if (selected.size() > 1) {
            painter.range(selected.get(0), selected.get(selected.size() - 1));
        }
        GridCell cursor = model().cursorProperty().get();
        if (cursor != null) {
            painter.cursor(cursor);
        }
    }

    private void clicked(MouseEvent event) {
        if (event.getButton() != MouseButton.PRIMARY || !event.isStillSincePress()) {
            return;
        }
        geometry()
                .rowHeaderAt(event.getX(), event.getY())
                .filter(row -> row < model().values().rows())
                .ifPresent(model()::toggleLayer);
        geometry()
                .columnHeaderAt(event.getX(), event.getY())
                .filter(column -> column < model().values().columns())
                .ifPresent(model()::toggleHeadInAllLayers);
        cellAt(event).ifPresent(cell -> {
            model().moveTo(cell, event.isShiftDown());
            if (!event.isShiftDown()) {
                model().toggleSelection();
                model().choose(cell);
            }
        });
    }

    private void pressed(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        if (Arrow.of(event.getCode())
                        .map(arrow -> move(arrow.rows(), arrow.columns(), event.isShiftDown()))
                        .isPresent()
                || toTheEnd(event.getCode(), event.isShiftDown())
                || act(event.getCode())) {
            event.consume();
        }
    }

    private boolean move(int rows, int columns, boolean extend) {
        if (extend) {
            model().extendSelection(rows, columns);
        } else {
            model().moveCursor(rows, columns);
        }
        return true;
    }

    private boolean toTheEnd(KeyCode key, boolean extend) {
        int rows = model().values().rows();
        int columns = model().values().columns();
        return switch (key) {
            case HOME -> move(0, -columns, extend);
            case END -> move(0, columns, extend);
            case PAGE_UP -> move(-rows, 0, extend);
            case PAGE_DOWN -> move(rows, 0, extend);
            default -> false;
        };
    }

    private boolean act(KeyCode key) {
        GridCell cursor = model().cursorProperty().get();
        if (cursor == null) {
            return false;
        }
        switch (key) {
            case SPACE -> model().toggleSelection();
            case L -> model().toggleLayer(cursor.row());
            case ENTER -> model().choose(cursor);
            default -> {
                return false;
            }
        }
        return true;
    }
}
