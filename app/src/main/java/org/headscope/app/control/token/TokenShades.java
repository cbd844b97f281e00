package org.headscope.app.control.token;

import org.headscope.app.control.color.ScaleKind;
import org.headscope.app.control.color.ValueRange;

/**
 * A number for each token of a strip.
 *
 * @param values one per position, NaN where there is none
 * @param kind what the numbers mean to the eye
 * @param range the numbers at the ends of the colour scale
 */
@SuppressWarnings("ArrayRecordComponent") // replaced as a whole, never compared
public record TokenShades(float[] values, ScaleKind kind, ValueRange range) {
    /** @return whether a position has a number */
    public boolean has(int position) {
        return position >= 0 && position < values.length && !Float.isNaN(values[position]);
    }

    /** @return the number of a position */
    public double at(int position) {
        return values[position];
    }
}
