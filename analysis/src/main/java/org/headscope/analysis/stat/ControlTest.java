package org.headscope.analysis.stat;

import java.util.Arrays;
import java.util.List;
import org.headscope.analysis.result.Table;

/**
 * An effect of a chosen set against the effects of random sets of the same size. The p-value counts the chosen set among the
 * random ones (North et al. 2002), so it is never 0: at least {@code 1 / (controls + 1)}.
 *
 * @param effect effect of the chosen set; larger means stronger
 * @param controls effects of the random sets, in the same unit
 */
public record ControlTest(double effect, double[] controls) {
    /** Checks and copies. */
    public ControlTest {
        controls = controls.clone();
        if (controls.length == 0) {
            throw new IllegalArgumentException("A comparison with chance needs at least one random set.");
        }
    }

    @Override
    public double[] controls() {
        return controls.clone();
    }

    /** {@return the share of sets, the chosen one included, with an effect at least as large; NaN for an effect of NaN} */
    public double p() {
        if (Double.isNaN(effect)) {
            return Double.NaN;
        }
        long atLeast =
                Arrays.stream(controls).filter(control -> !(control < effect)).count();
        return (1.0 + atLeast) / (1 + controls.length);
    }

    /** {@return the mean effect of the random sets} */
    public double meanOfControls() {
        return Arrays.stream(controls).average().orElseThrow();
    }

    /**
     * Shows the comparison.
     *
     * @param title title of the table
     * @param unit unit of the effect
     * @return one row: effect, mean of the controls, p, number of controls
     */
    public Table table(String title, String unit) {
        return new Table(
                title,
                List.of(
                        Table.Column.number("effect", unit),
                        Table.Column.number("mean of random sets", unit),
                        Table.Column.number("p", ""),
                        Table.Column.integer("random sets")),
                List.of(List.of(effect, meanOfControls(), p(), controls.length)));
    }
}
