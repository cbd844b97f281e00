package org.headscope.app.explore;

import java.util.Locale;
import javafx.geometry.HPos;
import javafx.geometry.VPos;
import javafx.scene.control.Label;
import javafx.scene.layout.Region;

/** A probability as a number with a bar beside it. */
final class ProbabilityBar extends Region {
    private static final double GAP = 6;
    private static final double HEIGHT = 0.55;
    private final Region track = new Region();
    private final Region fill = new Region();
    private final Label number = new Label();
    private final Label widest = new Label(text(0.0001));
    private double probability;

    ProbabilityBar() {
        getStyleClass().add("probability-bar");
        track.getStyleClass().add("track");
        fill.getStyleClass().add("fill");
        widest.setVisible(false);
        getChildren().addAll(track, fill, number, widest);
    }

    void show(double value) {
        probability = value;
        number.setText(text(value));
        requestLayout();
    }

    /** Three decimals; what is smaller than they can say is said to be so. */
    static String text(double value) {
        return value > 0 && value < 0.0005 ? "<0.001" : String.format(Locale.ROOT, "%.3f", value);
    }

    @Override
    protected double computePrefHeight(double width) {
        return snapSizeY(widest.prefHeight(-1));
    }

    @Override
    protected double computeMinWidth(double height) {
        return widest.prefWidth(-1) + 3 * GAP;
    }

    @Override
    protected void layoutChildren() {
        double room = Math.ceil(Math.max(widest.prefWidth(-1), number.prefWidth(-1)));
        layoutInArea(number, 0, 0, room, getHeight(), 0, HPos.RIGHT, VPos.CENTER);
        double left = room + GAP;
        double length = Math.max(0, getWidth() - left);
        double height = Math.round(getHeight() * HEIGHT);
        double top = Math.round((getHeight() - height) / 2);
        track.resizeRelocate(left, top, length, height);
        fill.resizeRelocate(left, top, Math.round(length * Math.max(0, Math.min(1, probability))), height);
    }
}
