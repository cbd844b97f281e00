package org.headscope.app.control.token;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import javafx.geometry.BoundingBox;
import javafx.geometry.Bounds;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.geometry.Rectangle2D;
import javafx.scene.AccessibleRole;
import javafx.scene.Cursor;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import org.headscope.app.control.HoverTip;
import org.headscope.app.control.PlotRegion;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.control.color.ColorScale;
import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.color.ValueRange;
import org.headscope.app.text.Messages;

/**
 * Tokens as chips that wrap like text, drawn rather than made of nodes so that thousands appear at once. One stop for Tab;
 * arrow keys select a position.
 */
public final class TokenStrip extends PlotRegion {
    private static final double PADDING = 6;
    private static final double SMALLEST_ROOM = 120;
    private static final double USUAL_ROOM = 480;
    private final TokenStripModel model;
    private final TokenCanvas canvas = new TokenCanvas();
    private final HoverTip tip = new HoverTip();
    private double[] widths = {};
    private double chipHeight = 1;
    private TokenFlow flow = TokenFlow.of(widths, chipHeight, USUAL_ROOM);

    public TokenStrip(TokenStripModel model) {
        this.model = model;
        getStyleClass().add("token-strip");
        getChildren().add(canvas);
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.NODE);
        setAccessibleHelp(Messages.get("tokens.accessible.help"));
        model.tokensProperty().subscribe(this::tokensChanged);
        model.selectedProperty().subscribe((before, now) -> selectionMoved(before.intValue(), now.intValue()));
        model.markedProperty().subscribe(this::requestLayout);
        model.valuesProperty().subscribe(this::tokensChanged);
        addEventHandler(MouseEvent.MOUSE_PRESSED, event -> requestFocus());
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
        addEventHandler(MouseEvent.MOUSE_EXITED, event -> tip.hide());
        addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
        tokensChanged();
    }

    public TokenStripModel model() {
        return model;
    }

    /** @return where a token lies within the strip, for scrolling it into view and for clicking it in tests */
    public Bounds boundsOf(int position) {
        Rectangle2D chip = flow.chips().get(position);
        return new BoundingBox(
                getInsets().getLeft() + chip.getMinX(),
                getInsets().getTop() + chip.getMinY(),
                chip.getWidth(),
                chip.getHeight());
    }

    @Override
    protected void styleChanged() {
        measure();
        requestLayout();
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    @Override
    protected double computeMinWidth(double height) {
        return SMALLEST_ROOM;
    }

    @Override
    protected double computePrefWidth(double height) {
        return USUAL_ROOM;
    }

    @Override
    protected double computePrefHeight(double width) {
        Insets insets = getInsets();
        double room = (width < 0 ? USUAL_ROOM : width) - insets.getLeft() - insets.getRight();
        return insets.getTop()
                + insets.getBottom()
                + TokenFlow.of(widths, chipHeight, room).height();
    }

    @Override
    protected void layoutChildren() {
        Insets insets = getInsets();
        flow = TokenFlow.of(widths, chipHeight, getWidth() - insets.getLeft() - insets.getRight());
        canvas.relocate(insets.getLeft(), insets.getTop());
        canvas.paint(flow, this::chip);
    }

    private void tokensChanged() {
        measure();
        requestLayout();
        speak();
    }

    /** The same few hundred tokens come again and again in a long text. */
    private void measure() {
        TextMetrics text = new TextMetrics(mono());
        TextMetrics index = new TextMetrics(labelFont());
        Map<String, Double> known = new HashMap<>();
        List<String> tokens = model.tokensProperty().get();
        widths = new double[tokens.size()];
        double indexWidth = index.width(Integer.toString(Math.max(0, tokens.size() - 1)));
        for (int i = 0; i < widths.length; i++) {
            double own = known.computeIfAbsent(tokens.get(i), token -> text.width(VisibleText.of(token)));
            widths[i] = Math.ceil(Math.max(own, Math.max(indexWidth, index.width(below(i)))) + 2 * PADDING);
        }
        chipHeight = Math.ceil(text.lineHeight() + index.lineHeight() + PADDING);
    }

    /** What stands below a token: its number where it has one, else its position. */
    private String below(int position) {
        return model.valuesProperty().get().isEmpty()
                ? Integer.toString(position)
                : Ticks.brief(model.value(position), extent());
    }

    private double extent() {
        return Math.max(
                1e-6,
                model.valuesProperty().get().stream()
                        .filter(Double::isFinite)
                        .mapToDouble(Math::abs)
                        .max()
                        .orElse(1));
    }

    private TokenCanvas.Chip chip(int position) {
        boolean selected = model.selectedProperty().get() == position;
        boolean marked = model.markedProperty().get().contains(position);
        double value = model.value(position);
        ColorScale scale = new ColorScale(ScaleKind.DIVERGING.map(onDark()), new ValueRange(-extent(), extent()));
        boolean coloured = !Double.isNaN(value);
        Color ground = coloured ? scale.color(value) : subtle();
        return new TokenCanvas.Chip(
                VisibleText.of(model.tokensProperty().get().get(position)),
                below(position),
                selected && !coloured ? ground.interpolate(accent(), 0.18) : ground,
                selected ? accent() : marked ? warning() : line(),
                marked,
                new TokenCanvas.Ink(
                        mono(),
                        labelFont(),
                        coloured ? scale.textColor(value) : text(),
                        coloured ? scale.textColor(value) : muted()));
    }

    private Font mono() {
        return Font.font("Monospaced", font().getSize());
    }

    private void selectionMoved(int before, int now) {
        canvas.repaint(before, flow, this::chip);
        canvas.repaint(now, flow, this::chip);
        speak();
    }

    private void speak() {
        int count = model.tokensProperty().get().size();
        int now = model.selectedProperty().get();
        setAccessibleText(Messages.get(
                "tokens.accessible",
                Integer.toString(count),
                now >= 0 && now < count ? model.describe(now) : Messages.get("tokens.noneSelected")));
    }

    private OptionalInt positionAt(MouseEvent event) {
        return flow.at(
                event.getX() - getInsets().getLeft(), event.getY() - getInsets().getTop());
    }

    private void hover(MouseEvent event) {
        OptionalInt position = positionAt(event);
        setCursor(position.isPresent() ? Cursor.HAND : Cursor.DEFAULT);
        position.ifPresentOrElse(
                found -> tip.show(this, model.describe(found), event.getScreenX(), event.getScreenY()), tip::hide);
    }

    private void clicked(MouseEvent event) {
        if (event.getButton() == MouseButton.PRIMARY) {
            positionAt(event).ifPresent(model::choose);
        }
    }

    private void pressed(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        switch (event.getCode()) {
            case LEFT, KP_LEFT -> model.move(-1);
            case RIGHT, KP_RIGHT -> model.move(1);
            case UP, KP_UP -> moveRows(-1);
            case DOWN, KP_DOWN -> moveRows(1);
            case HOME -> model.select(0);
            case END -> model.select(flow.chips().size() - 1);
            case ENTER -> model.choose(model.selectedProperty().get());
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void moveRows(int rows) {
        int now = model.selectedProperty().get();
        model.select(now < 0 ? 0 : flow.neighbour(now, rows));
    }
}
