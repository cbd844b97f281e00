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
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;

/**
 * Tokens as chips that wrap like text, drawn rather than made of nodes so that thousands appear at once. One stop for Tab;
 * arrow keys select a position.
 */
public final class TokenStrip extends PlotRegion {
    private static final double PADDING = 6;
    private static final double SMALLEST_ROOM = 120;
    private static final double USUAL_ROOM = 480;
    private static final double LOCKED_EDGE = 3;
    private static final String USUAL_NUMBER = "−0.000";
    private final TokenStripModel model;
    private final TokenCanvas canvas = new TokenCanvas();
    private final HoverTip tip = new HoverTip();
    private double[] widths = {};
    private double chipHeight = 1;
    private Font mono = Font.getDefault();
    private Font labels = Font.getDefault();
    private boolean outdated = true;
    private TokenFlow flow = TokenFlow.of(widths, chipHeight, USUAL_ROOM);

    public TokenStrip(TokenStripModel model) {
        this.model = model;
        getStyleClass().add("token-strip");
        getChildren().add(canvas);
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.NODE);
        setAccessibleHelp(Messages.get("tokens.accessible.help"));
        model.tokensProperty().subscribe(this::tokensChanged);
        model.selectedProperty().subscribe(this::looksChanged);
        model.lockedProperty().subscribe(this::looksChanged);
        model.shadesProperty().subscribe(this::looksChanged);
        model.shadedProperty().subscribe(this::styleChanged);
        model.markedProperty().subscribe(this::requestLayout);
        addEventHandler(MouseEvent.MOUSE_PRESSED, event -> {
            requestFocus();
            event.consume(); // a scroll pane around would take the focus
        });
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
        addEventHandler(MouseEvent.MOUSE_EXITED, event -> leave());
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
        place();
        canvas.relocate(getInsets().getLeft(), getInsets().getTop());
        canvas.paint(flow, this::chip);
        outdated = false;
    }

    private void place() {
        Insets insets = getInsets();
        flow = TokenFlow.of(widths, chipHeight, getWidth() - insets.getLeft() - insets.getRight());
    }

    /** The mouse may ask for places before they are drawn. */
    private void tokensChanged() {
        measure();
        place();
        outdated = true;
        requestLayout();
        speak();
    }

    /** The same few hundred tokens come again and again in a long text. */
    private void measure() {
        mono = Font.font("Monospaced", font().getSize());
        labels = labelFont();
        TextMetrics text = new TextMetrics(mono);
        TextMetrics index = new TextMetrics(labels);
        Map<String, Double> known = new HashMap<>();
        List<String> tokens = model.tokensProperty().get();
        widths = new double[tokens.size()];
        double indexWidth = Math.max(
                index.width(Integer.toString(Math.max(0, tokens.size() - 1))),
                model.shadedProperty().get() ? index.width(USUAL_NUMBER) : 0);
        for (int i = 0; i < widths.length; i++) {
            double own = known.computeIfAbsent(tokens.get(i), token -> text.width(VisibleText.of(token)));
            widths[i] = Math.ceil(Math.max(own, indexWidth) + 2 * PADDING);
        }
        chipHeight = Math.ceil(text.lineHeight() + index.lineHeight() + PADDING);
    }

    private TokenCanvas.Chip chip(int position) {
        boolean selected = model.selectedProperty().get() == position;
        boolean locked = model.lockedProperty().get() == position;
        boolean marked = model.markedProperty().get().contains(position);
        TokenShades shades = model.shadesProperty().get();
        String text = VisibleText.of(model.tokensProperty().get().get(position));
        Color edge = selected || locked ? accent() : marked ? warning() : line();
        double wide = locked ? LOCKED_EDGE : 1;
        if (shades != null && shades.has(position)) {
            ColorScale scale = new ColorScale(shades.kind().map(onDark()), shades.range());
            Color ink = scale.textColor(shades.at(position));
            TokenCanvas.Ink inks = new TokenCanvas.Ink(mono, labels, ink, ink);
            String number = Ticks.brief(shades.at(position), shades.range().high());
            return new TokenCanvas.Chip(text, number, scale.color(shades.at(position)), edge, wide, marked, inks);
        }
        return new TokenCanvas.Chip(
                text,
                shades == null ? Integer.toString(position) : "",
                selected && shades == null ? subtle().interpolate(accent(), 0.18) : subtle(),
                edge,
                wide,
                marked,
                new TokenCanvas.Ink(mono, labels, shades == null ? text() : muted(), muted()));
    }

    private void looksChanged() {
        boolean drawn =
                !outdated && flow.chips().size() == model.tokensProperty().get().size();
        if (drawn) { // otherwise all are drawn anew soon
            canvas.repaintChanged(flow, this::chip);
        }
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
        model.hoveredProperty().set(position.orElse(TokenStripModel.NONE));
        position.ifPresentOrElse(
                found -> tip.show(this, model.describe(found), event.getScreenX(), event.getScreenY()), tip::hide);
    }

    private void leave() {
        model.hoveredProperty().set(TokenStripModel.NONE);
        tip.hide();
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
            case ESCAPE -> {
                if (model.lockedProperty().get() == TokenStripModel.NONE) {
                    return;
                }
                model.lockedProperty().set(TokenStripModel.NONE);
            }
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
