package org.headscope.app.control.grid;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import org.headscope.app.control.color.ColorScale;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/**
 * Any grid of numbers, up to attention patterns of 2048 x 2048: layers by positions, heads by positions, queries by keys.
 * Cells not computed yet are dotted. Ctrl with the wheel looks closer, dragging moves, a double click shows all again.
 */
public final class HeatMap extends GridView<HeatMapModel> {
    private static final double CELL = 34;
    /** Small maps take larger cells, up to this, until they fill a usual view. */
    private static final double ROOMY_CELL = 60;

    private static final double USUAL_SIDE = 420;
    /** Cells with words on them are wide and low. */
    private static final double WORD_WIDTH = 92;

    private static final double WORD_HEIGHT = 36;
    private static final double ZOOM_STEP = 0.8;
    private Optional<GridCell> grabbed = Optional.empty();

    public HeatMap(HeatMapModel model) {
        super(model, "heat-map");
        model.windowProperty().subscribe(this::styleChanged);
        model.squareProperty().subscribe(this::styleChanged);
        model.cellTextProperty().subscribe(this::styleChanged);
        setAccessibleHelp(Messages.get("grid.accessible.help.map"));
        addEventHandler(MouseEvent.MOUSE_PRESSED, event -> grabbed = cellAt(event));
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::dragged);
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(ScrollEvent.SCROLL, this::scrolled);
        addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
    }

    @Override
    protected GridWindow window() {
        return model().windowProperty().get();
    }

    @Override
    protected double largestCell() {
        if (model().cellTextProperty().get() != null) {
            return Math.floor(WORD_WIDTH * typeFactor());
        }
        int longer = Math.max(1, Math.max(window().rows(), window().columns()));
        return Math.floor(Math.max(CELL, Math.min(ROOMY_CELL, USUAL_SIDE / longer)) * typeFactor());
    }

    @Override
    protected double largestCellHeight() {
        return model().cellTextProperty().get() == null ? largestCell() : Math.floor(WORD_HEIGHT * typeFactor());
    }

    @Override
    protected void paintOnCells(GraphicsContext g, GridFrame labels, ColorScale scale) {
        Function<GridCell, String> words = model().cellTextProperty().get();
        if (words != null) {
            labels.paintWords(g, scale, words);
        }
    }

    @Override
    protected boolean square() {
        return model().squareProperty().get();
    }

    @Override
    protected @Nullable ToDoubleFunction<GridCell> gates() {
        return null;
    }

    @Override
    protected String summary() {
        GridCell cursor = model().cursorProperty().get();
        return Messages.get(
                "grid.accessible.map",
                Integer.toString(model().values().rows()),
                Integer.toString(model().values().columns()),
                cursor == null ? Messages.get("grid.accessible.noCursor") : model().describe(cursor));
    }

    @Override
    protected void paintOverlay(GridOverlay painter) {
        GridCell hovered = model().hoveredProperty().get();
        if (hovered != null) {
            painter.hover(hovered);
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
        if (event.getClickCount() == 2) {
            model().showAll();
            return;
        }
        cellAt(event).ifPresent(cell -> {
            model().cursorProperty().set(cell);
            model().choose(cell);
        });
    }

    private void dragged(MouseEvent event) {
        Optional<GridCell> here = cellAt(event);
        if (grabbed.isPresent() && here.isPresent()) {
            model().pan(
                            grabbed.get().row() - here.get().row(),
                            grabbed.get().column() - here.get().column());
            requestLayout();
            layout();
        }
    }

    private void scrolled(ScrollEvent event) {
        if (event.isShortcutDown() && event.getDeltaY() != 0) {
            cellAt(event.getX(), event.getY()).ifPresent(cell -> {
                model().zoom(event.getDeltaY() > 0 ? ZOOM_STEP : 1 / ZOOM_STEP, cell);
                event.consume();
            });
        }
    }

    private void pressed(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        Optional<Arrow> arrow = Arrow.of(event.getCode());
        arrow.ifPresent(step -> model().moveCursor(step.rows(), step.columns()));
        if (arrow.isPresent() || act(event.getCode())) {
            event.consume();
        }
    }

    private boolean act(KeyCode key) {
        GridCell cursor = model().cursorProperty().get();
        GridWindow shown = window();
        GridCell fixed = cursor != null
                ? cursor
                : new GridCell(shown.firstRow() + shown.rows() / 2, shown.firstColumn() + shown.columns() / 2);
        switch (key) {
            case PLUS, EQUALS, ADD -> model().zoom(ZOOM_STEP, fixed);
            case MINUS, SUBTRACT -> model().zoom(1 / ZOOM_STEP, fixed);
            case DIGIT0, NUMPAD0 -> model().showAll();
            case HOME -> model().moveCursor(0, -model().values().columns());
            case END -> model().moveCursor(0, model().values().columns());
            case PAGE_UP -> model().moveCursor(-shown.rows(), 0);
            case PAGE_DOWN -> model().moveCursor(shown.rows(), 0);
            case ENTER -> {
                if (cursor == null) {
                    return false;
                }
                model().choose(cursor);
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
