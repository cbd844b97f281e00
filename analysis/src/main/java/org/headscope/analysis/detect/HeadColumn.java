package org.headscope.analysis.detect;

import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Quantity;

/**
 * One number per head and sequence, with its name.
 *
 * @param name what it is
 * @param unit its unit, may be empty
 * @param signed whether it falls on both sides of zero
 * @param scores the numbers
 */
record HeadColumn(String name, String unit, boolean signed, HeadScores scores) {
    HeadGrid panel(long seed) {
        Quantity quantity = signed ? Quantity.signed(name, unit) : Quantity.unsigned(name, unit);
        return scores.panel(name, quantity, seed);
    }
}
