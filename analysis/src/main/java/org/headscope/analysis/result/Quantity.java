package org.headscope.analysis.result;

/**
 * What the numbers of a panel are.
 *
 * @param name the quantity, such as {@code normalised logit difference}
 * @param unit its unit, such as {@code logits}, {@code nats} or {@code share}; empty for a pure number
 * @param zeroCentred whether zero is the natural middle, so that a colour scale must be symmetric around it
 */
public record Quantity(String name, String unit, boolean zeroCentred) {
    /** Checks that the quantity has a name. */
    public Quantity {
        if (name.isBlank()) {
            throw new InvalidPanelException("A quantity needs a name.");
        }
    }

    /**
     * A quantity that can fall on both sides of zero (effects, differences).
     *
     * @param name the quantity
     * @param unit its unit, may be empty
     * @return the quantity
     */
    public static Quantity signed(String name, String unit) {
        return new Quantity(name, unit, true);
    }

    /**
     * A quantity that starts at zero (shares, norms, probabilities).
     *
     * @param name the quantity
     * @param unit its unit, may be empty
     * @return the quantity
     */
    public static Quantity unsigned(String name, String unit) {
        return new Quantity(name, unit, false);
    }
}
