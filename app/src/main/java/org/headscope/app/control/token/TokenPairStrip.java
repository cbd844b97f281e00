package org.headscope.app.control.token;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.geometry.Rectangle2D;
import javafx.scene.AccessibleRole;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import org.headscope.app.control.HoverTip;
import org.headscope.app.control.PlotRegion;
import org.headscope.app.control.TextMetrics;
import org.headscope.app.text.Messages;

/**
 * Two prompts as chips, one above the other and wrapped together, so that what stands against what is seen at once. Chips
 * that differ have a dashed edge; where one prompt has no token there is an empty place. Arrow keys select a column.
 */
public final class TokenPairStrip extends PlotRegion {
    private static final double PADDING = 6;
    private static final double USUAL_ROOM = 360;
    private final TokenPairModel model;
    private final TokenCanvas canvas = new TokenCanvas();
    private final HoverTip tip = new HoverTip();
    private double[] widths = {};
    private double rowHeight = 1;
    private Font mono = Font.getDefault();
    private Font labels = Font.getDefault();
    private boolean outdated = true;
    private TokenFlow flow = flow(USUAL_ROOM);

    public TokenPairStrip(TokenPairModel model) {
        this.model = model;
        getStyleClass().add("token-strip");
        getChildren().add(canvas);
        setFocusTraversable(true);
        setAccessibleRole(AccessibleRole.NODE);
        setAccessibleHelp(Messages.get("tokens.pair.accessible.help"));
        model.pairProperty().subscribe(this::styleChanged);
        model.selectedProperty().subscribe(this::selectionMoved);
        addEventHandler(MouseEvent.MOUSE_PRESSED, event -> {
            requestFocus();
            event.consume(); // a scroll pane around would take the focus
        });
        addEventHandler(MouseEvent.MOUSE_CLICKED, this::clicked);
        addEventHandler(MouseEvent.MOUSE_MOVED, this::hover);
        addEventHandler(MouseEvent.MOUSE_EXITED, event -> tip.hide());
        addEventHandler(KeyEvent.KEY_PRESSED, this::pressed);
    }

    public TokenPairModel model() {
        return model;
    }

    /** The mouse may ask for places before they are drawn. */
    @Override
    protected void styleChanged() {
        measure();
        place();
        outdated = true;
        requestLayout();
        speak();
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    @Override
    protected double computeMinWidth(double height) {
        return 120;
    }

    @Override
    protected double computePrefWidth(double height) {
        return USUAL_ROOM;
    }

    @Override
    protected double computePrefHeight(double width) {
        Insets insets = getInsets();
        double room = (width < 0 ? USUAL_ROOM : width) - insets.getLeft() - insets.getRight();
        return insets.getTop() + insets.getBottom() + flow(room).height();
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
        flow = flow(getWidth() - insets.getLeft() - insets.getRight());
    }

    private void measure() {
        mono = Font.font("Monospaced", font().getSize());
        labels = labelFont();
        TextMetrics text = new TextMetrics(mono);
        TextMetrics index = new TextMetrics(labels);
        TokenPairModel.Pair pair = model.pairProperty().get();
        double least = index.width(Integer.toString(pair.columns().size()));
        widths = pair.columns().stream()
                .mapToDouble(column -> Math.ceil(2 * PADDING
                        + Math.max(
                                least,
                                Math.max(
                                        width(text, pair.upper(), column.upper()),
                                        width(text, pair.lower(), column.lower())))))
                .toArray();
        rowHeight = Math.ceil(text.lineHeight() + index.lineHeight() + PADDING) + TokenFlow.GAP;
    }

    private static double width(TextMetrics metrics, List<String> tokens, int position) {
        return position < 0 ? 0 : metrics.width(VisibleText.of(tokens.get(position)));
    }

    /**
     * Upper and lower chip of a column follow each other. They touch, while lines of columns stand apart; rows are equally
     * high all the same, as the canvases need it.
     */
    private TokenFlow flow(double room) {
        List<Rectangle2D> chips = new ArrayList<>();
        double x = 0;
        double y = 0;
        for (double width : widths) {
            if (x > 0 && x + width > room) {
                x = 0;
                y += 2 * rowHeight;
            }
            chips.add(new Rectangle2D(x, y + TokenFlow.GAP, width, rowHeight - TokenFlow.GAP));
            chips.add(new Rectangle2D(x, y + rowHeight, width, rowHeight - TokenFlow.GAP));
            x += width + TokenFlow.GAP;
        }
        return new TokenFlow(List.copyOf(chips), rowHeight, chips.isEmpty() ? 0 : y + 2 * rowHeight);
    }

    private TokenCanvas.Chip chip(int index) {
        TokenPairModel.Pair pair = model.pairProperty().get();
        TokenPairModel.Column column = pair.columns().get(index / 2);
        boolean upper = index % 2 == 0;
        int position = upper ? column.upper() : column.lower();
        boolean selected = model.selectedProperty().get() == index / 2;
        Color ground = column.differs() ? subtle().interpolate(warning(), 0.16) : subtle();
        return new TokenCanvas.Chip(
                position < 0 ? "" : VisibleText.of((upper ? pair.upper() : pair.lower()).get(position)),
                position < 0 ? "" : Integer.toString(position),
                position < 0 ? surface() : ground,
                selected ? accent() : column.differs() ? warning() : line(),
                selected ? 2 : 1,
                column.differs(),
                new TokenCanvas.Ink(mono, labels, text(), muted()));
    }

    private void selectionMoved() {
        int columns = model.pairProperty().get().columns().size();
        if (!outdated && flow.chips().size() == 2 * columns) { // otherwise all are drawn anew soon
            canvas.repaintChanged(flow, this::chip);
        }
        speak();
    }

    private void speak() {
        int now = model.selectedProperty().get();
        boolean gone = now >= model.pairProperty().get().columns().size(); // until the model hears of the new pair
        setAccessibleText(
                now == TokenPairModel.NONE || gone
                        ? Messages.get(
                                "tokens.pair.accessible",
                                Integer.toString(
                                        model.pairProperty().get().upper().size()),
                                Integer.toString(
                                        model.pairProperty().get().lower().size()))
                        : model.describe(now));
    }

    private OptionalInt columnAt(MouseEvent event) {
        double x = event.getX() - getInsets().getLeft();
        double y = event.getY() - getInsets().getTop();
        for (int i = 0; i < flow.chips().size(); i++) {
            if (flow.chips().get(i).contains(x, y)) {
                return OptionalInt.of(i / 2);
            }
        }
        return OptionalInt.empty();
    }

    private void hover(MouseEvent event) {
        columnAt(event)
                .ifPresentOrElse(
                        column -> tip.show(this, model.describe(column), event.getScreenX(), event.getScreenY()),
                        tip::hide);
    }

    private void clicked(MouseEvent event) {
        columnAt(event).ifPresent(model.selectedProperty()::set);
    }

    private void pressed(KeyEvent event) {
        if (event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        switch (event.getCode()) {
            case LEFT, KP_LEFT -> model.move(-1);
            case RIGHT, KP_RIGHT -> model.move(1);
            case HOME -> model.move(Integer.MIN_VALUE / 2);
            case END -> model.move(Integer.MAX_VALUE / 2);
            default -> {
                return;
            }
        }
        event.consume();
    }
}
