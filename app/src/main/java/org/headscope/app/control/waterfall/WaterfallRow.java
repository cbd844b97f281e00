package org.headscope.app.control.waterfall;

/**
 * One bar in sight.
 *
 * @param step index of its step, the number of steps for the total
 * @param part index of the part within the step, {@link #WHOLE} for the step itself
 * @param shown what is drawn
 * @param from the sum before it
 * @param kind what it stands for
 */
public record WaterfallRow(int step, int part, WaterfallStep shown, double from, Kind kind) {
    /** Not a part. */
    public static final int WHOLE = -1;

    /** What a bar stands for. */
    public enum Kind {
        /** A step without parts. */
        STEP,
        /** A step whose parts are not in sight. */
        CLOSED,
        /** A step whose parts follow. */
        OPEN,
        /** A part of the step above. */
        PART,
        /** The sum of all steps. */
        TOTAL
    }

    /** @return the sum with it */
    public double to() {
        return from + shown.value();
    }
}
