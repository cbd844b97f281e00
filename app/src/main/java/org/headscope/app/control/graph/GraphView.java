package org.headscope.app.control.graph;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Point2D;
import javafx.geometry.Rectangle2D;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.shape.Rectangle;
import org.headscope.app.control.HoverTip;
import org.headscope.app.control.PlotRegion;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/**
 * Draws a graph of a model's parts, layer above layer. A click points at a part or a line, arrow keys walk from part to part,
 * Escape lets go. Ctrl with the wheel looks closer, dragging moves, a double click shows all again.
 */
public final class GraphView extends PlotRegion {
    private static final double LEGEND = 22;
    private static final double DIMMED = 0.16;
    private static final double ZOOM_STEP = 1.25;
    private final GraphModel model;
    private final FlowLayers flows = new FlowLayers();
    private final Canvas parts = new Canvas();
    private final Canvas overlay = new Canvas();
    private final HoverTip tooltip = new HoverTip();
    private GraphZoom zoom = GraphZoom.ALL;
    private GraphGeometry geometry;
    private @Nullable GraphPart hoveredPart;
    private @Nullable GraphFlow hoveredFlow;
    private @Nullable Point2D grabbed;

    /** @param model what is drawn */
    public GraphView(GraphModel model) {
        this.model = model;
        this.geometry = new GraphGeometry(model, 1, 1, zoom);
        getStyleClass().add("edge-graph");
        getChildren().addAll(flows.canvases());
        getChildren().addAll(parts, overlay);
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.NODE);
        setAccessibleHelp(Messages.get("graph.accessible.help"));
        setMaxSize(Double.MAX_VALUE, Double.MAX_VALUE);
        Rectangle clip = new Rectangle();
        clip.widthProperty().bind(widthProperty());
        clip.heightProperty().bind(heightProperty());
        setClip(clip);
        listen();
    }

    private void listen() {
        model.dataProperty().subscribe(this::graphChanged);
        model.partProperty().subscribe(this::pointedChanged);
        model.flowProperty().subscribe(this::pointedChanged);
        model.valueTitleProperty().subscribe(this::styleChanged);
        focusedProperty().subscribe(this::paintOverlay);
        addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
        addEventHandler(MouseEvent.MOUSE_EXITED, event -> hover(null, null));
        addEventHandler(MouseEvent.MOUSE_PRESSED, this::pressed);
        addEventHandler(MouseEvent.MOUSE_DRAGGED, this::dragged);
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(ScrollEvent.SCROLL, this::scrolled);
        addEventHandler(KeyEvent.KEY_PRESSED, this::typed);
    }

    public GraphModel model() {
        return model;
    }

    /** @return the middle of a part in this view's own coordinates */
    public Point2D centreOf(String part) {
        Rectangle2D at = geometry.bounds(part);
        return new Point2D(at.getMinX() + at.getWidth() / 2, at.getMinY() + at.getHeight() / 2);
    }

    /** @return a point on a flow's line, away from both ends; null when it is not drawn */
    public @Nullable Point2D pointOn(GraphFlow flow) {
        return geometry.curves().stream()
                .filter(curve -> curve.flow().equals(flow))
                .map(curve -> curve.at(0.5))
                .findFirst()
                .orElse(null);
    }

    /** @return how many lines are drawn by now; of very many, the smaller ones appear one after the other */
    public int drawn() {
        return flows.drawn();
    }

    private void graphChanged() {
        hoveredPart = null;
        hoveredFlow = null;
        tooltip.hide();
        styleChanged();
    }

    private void pointedChanged() {
        boolean some =
                model.partProperty().get() != null || model.flowProperty().get() != null;
        flows.canvases().forEach(canvas -> canvas.setOpacity(some ? DIMMED : 1));
        parts.setOpacity(some ? 2 * DIMMED : 1);
        paintOverlay();
    }

    @Override
    protected void styleChanged() {
        requestLayout();
    }

    @Override
    protected double computePrefWidth(double height) {
        return 560;
    }

    @Override
    protected double computePrefHeight(double width) {
        return Math.max(240, Math.min(560, model.layout().rows() * 58.0 + LEGEND));
    }

    @Override
    protected double computeMinWidth(double height) {
        return 200;
    }

    @Override
    protected double computeMinHeight(double width) {
        return 160;
    }

    @Override
    protected void layoutChildren() {
        double height = Math.max(1, getHeight() - LEGEND);
        geometry = new GraphGeometry(model, Math.max(1, getWidth()), height, zoom);
        flows.canvases().forEach(this::wipe);
        List.of(parts, overlay).forEach(this::wipe);
        flows.draw(geometry.curves(), this::painter);
        painter(parts).parts(model.data().parts());
        paintOverlay();
    }

    private void wipe(Canvas canvas) {
        canvas.setWidth(getWidth());
        canvas.setHeight(getHeight());
        canvas.getGraphicsContext2D().clearRect(0, 0, getWidth(), getHeight());
    }

    private GraphPainter painter(Canvas on) {
        return new GraphPainter(on.getGraphicsContext2D(), model, geometry, look());
    }

    private GraphPainter.Look look() {
        return new GraphPainter.Look(text(), muted(), surface(), accent(), onDark(), labelFont());
    }

    private void paintOverlay() {
        GraphicsContext g = overlay.getGraphicsContext2D();
        g.clearRect(0, 0, getWidth(), getHeight());
        GraphPainter painter = painter(overlay);
        GraphPart chosen = model.partProperty().get();
        if (chosen != null || model.flowProperty().get() != null) {
            List<GraphFlow> lit = model.lit();
            painter.flows(lit);
            painter.parts(model.data().parts().stream()
                    .filter(part -> part.equals(chosen) || lit.stream().anyMatch(flow -> touches(flow, part)))
                    .toList());
            painter.inputs(lit);
        }
        if (hoveredFlow != null) {
            painter.flows(List.of(hoveredFlow));
            painter.inputs(List.of(hoveredFlow));
        }
        if (hoveredPart != null) {
            painter.frame(hoveredPart, false);
        }
        if (chosen != null) {
            painter.frame(chosen, true);
        }
        paintLegend(g);
        setAccessibleText(model.summary());
    }

    private static boolean touches(GraphFlow flow, GraphPart part) {
        return flow.from().equals(part.id()) || flow.to().equals(part.id());
    }

    private void paintLegend(GraphicsContext g) {
        g.clearRect(0, getHeight() - LEGEND, getWidth(), LEGEND);
        if (isFocused()) {
            g.setStroke(accent());
            g.setLineWidth(1);
            g.strokeRect(0.5, 0.5, getWidth() - 1, getHeight() - 1);
        }
        double extent = model.data().extent();
        if (extent > 0) {
            new GraphLegend(g, look(), getWidth(), getHeight() - LEGEND / 2)
                    .paint(extent, model.valueTitleProperty().get());
        }
    }

    private void hover(MouseEvent event) {
        Optional<GraphPart> part = geometry.partAt(event.getX(), event.getY());
        Optional<GraphFlow> flow =
                part.isPresent() ? Optional.empty() : geometry.flowAt(event.getX(), event.getY(), model.lit());
        hover(part.orElse(null), flow.orElse(null));
        Optional<String> words = part.map(model::describe).or(() -> flow.map(model::describe));
        words.ifPresentOrElse(text -> tooltip.show(this, text, event.getScreenX(), event.getScreenY()), tooltip::hide);
    }

    private void hover(@Nullable GraphPart part, @Nullable GraphFlow flow) {
        if (part == null && flow == null) {
            tooltip.hide();
        }
        if (part != hoveredPart || flow != hoveredFlow) {
            hoveredPart = part;
            hoveredFlow = flow;
            paintOverlay();
        }
    }

    /** @return what the mouse is over, in words; empty over nothing */
    public String hovered() {
        if (hoveredPart != null) {
            return model.describe(hoveredPart);
        }
        return hoveredFlow == null ? "" : model.describe(hoveredFlow);
    }

    private void pressed(MouseEvent event) {
        requestFocus();
        tooltip.hide();
        grabbed = new Point2D(event.getX(), event.getY());
    }

    private void dragged(MouseEvent event) {
        Point2D from = grabbed;
        if (from != null) {
            zoom(zoom.moved((from.getX() - event.getX()) / getWidth(), (from.getY() - event.getY()) / getHeight()));
            grabbed = new Point2D(event.getX(), event.getY());
        }
    }

    private void clicked(MouseEvent event) {
        if (event.getButton() != MouseButton.PRIMARY || !event.isStillSincePress()) {
            return;
        }
        Optional<GraphPart> part = geometry.partAt(event.getX(), event.getY());
        Optional<GraphFlow> flow = geometry.flowAt(event.getX(), event.getY(), model.lit());
        if (part.isPresent()) {
            model.point(part.get());
        } else if (flow.isPresent()) {
            model.point(flow.get());
        } else if (event.getClickCount() == 2) {
            zoom(GraphZoom.ALL);
        } else {
            model.clear();
        }
    }

    private void scrolled(ScrollEvent event) {
        if (event.isShortcutDown() && event.getDeltaY() != 0) {
            closer(event.getDeltaY() > 0 ? ZOOM_STEP : 1 / ZOOM_STEP, event.getX(), event.getY());
            event.consume();
        }
    }

    private void closer(double times, double x, double y) {
        zoom(zoom.by(times, x / Math.max(1, getWidth()), y / Math.max(1, getHeight())));
    }

    private void zoom(GraphZoom next) {
        if (!next.equals(zoom)) {
            zoom = next;
            requestLayout();
        }
    }

    private void typed(KeyEvent event) {
        if (!event.isShortcutDown() && !event.isAltDown() && act(event.getCode())) {
            event.consume();
        }
    }

    private boolean act(KeyCode key) {
        GraphPart at = model.partProperty().get();
        Point2D fixed = at == null ? new Point2D(getWidth() / 2, getHeight() / 2) : centreOf(at.id());
        switch (key) {
            case UP, KP_UP -> model.walk(0, 1);
            case DOWN, KP_DOWN -> model.walk(0, -1);
            case LEFT, KP_LEFT -> model.walk(-1, 0);
            case RIGHT, KP_RIGHT -> model.walk(1, 0);
            case ESCAPE -> model.clear();
            case PLUS, EQUALS, ADD -> closer(ZOOM_STEP, fixed.getX(), fixed.getY());
            case MINUS, SUBTRACT -> closer(1 / ZOOM_STEP, fixed.getX(), fixed.getY());
            case DIGIT0, NUMPAD0 -> zoom(GraphZoom.ALL);
            default -> {
                return false;
            }
        }
        return true;
    }
}
