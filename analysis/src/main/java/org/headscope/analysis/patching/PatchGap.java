package org.headscope.analysis.patching;

import java.util.Arrays;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Quantity;
import org.headscope.hooks.HeadscopeException;

/**
 * Logit differences of the run that is patched and of the one the patches come from: what every effect is a share of.
 *
 * @param here of the run that is patched
 * @param there of the run the patches come from
 * @param mode direction
 */
record PatchGap(double here, double there, Mode mode) {
    /* Below this gap the quotient is rounding noise of single precision, not an effect. */
    private static final double SMALLEST = 1e-4;

    double clean() {
        return mode == Mode.DENOISE ? there : here;
    }

    double corrupt() {
        return mode == Mode.DENOISE ? here : there;
    }

    void requireWide() {
        if (Math.abs(there - here) >= SMALLEST) {
            return;
        }
        String why = Double.isNaN(there - here)
                ? "A logit is not a number: check the model's weights."
                : "An effect would be a share of nothing. Choose a corrupt prompt that changes the answer.";
        throw new HeadscopeException("The logit difference is " + clean() + " on the clean prompt and " + corrupt()
                + " on the corrupt one, less than " + SMALLEST + " apart. " + why);
    }

    /** In both modes the effect is the way from the patched run towards the other one. */
    double effect(double patched) {
        return (patched - here) / (there - here);
    }

    /** The effects of a grid's cells. */
    GridPanel effects(String title, PatchGrid grid, double[] values) {
        double[] effects = Arrays.stream(values).map(this::effect).toArray();
        return grid.panel(title, Quantity.signed("normalised logit difference", ""), effects);
    }
}
