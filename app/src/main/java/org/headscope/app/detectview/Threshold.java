package org.headscope.app.detectview;

import javafx.beans.property.BooleanProperty;
import javafx.beans.property.DoubleProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleDoubleProperty;

/** A score that a head has to reach, or not to exceed. */
public final class Threshold {
    private final String score;
    private final double lowest;
    private final double highest;
    private final BooleanProperty atLeast = new SimpleBooleanProperty(this, "atLeast", true);
    private final DoubleProperty value = new SimpleDoubleProperty(this, "value");

    /** Starts in the middle of the numbers there are. */
    Threshold(String score, double lowest, double highest) {
        this.score = score;
        this.lowest = lowest;
        this.highest = highest;
        value.set((lowest + highest) / 2);
    }

    /** @return key of the score */
    public String score() {
        return score;
    }

    public double lowest() {
        return lowest;
    }

    public double highest() {
        return highest;
    }

    /** Whether the value is the smallest allowed, not the largest. */
    public BooleanProperty atLeastProperty() {
        return atLeast;
    }

    public DoubleProperty valueProperty() {
        return value;
    }

    /** A number that was not computed meets nothing. */
    boolean meets(double number) {
        return atLeast.get() ? number >= value.get() : number <= value.get();
    }
}
