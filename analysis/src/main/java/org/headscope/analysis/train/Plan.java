package org.headscope.analysis.train;

import java.util.SplittableRandom;

/**
 * How a training goes: its length, its learning rate, and how long the rows of each step are. Short rows come first, because
 * most of what there is to learn can be learned from them at a fraction of the cost.
 *
 * @param steps number of steps
 * @param tokens tokens per step, about
 * @param peak greatest learning rate
 * @param seed of all chance
 */
public record Plan(long steps, int tokens, double peak, long seed) {
    private static final int SHORT = 64;
    private static final int MIDDLE = 128;
    /** The whole context of the bundled model. */
    static final int LONG = 512;

    private static final int WARM_UP = 150;
    private static final double LAST = 0.03;
    private static final double ONLY_SHORT = 0.15;
    private static final double NO_LONG = 0.45;
    private static final double EARLY = 0.4;
    private static final double NO_RANDOM = 0.66;

    /** {@return the plan of the bundled model} */
    public static Plan standard() {
        return new Plan(7000, 3072, 2e-3, 1);
    }

    /**
     * The learning rate: up in a line, then down along a cosine.
     *
     * @param step counted from 0
     * @return the rate
     */
    public double rate(long step) {
        if (step < WARM_UP) {
            return peak * (step + 1) / WARM_UP;
        }
        double done = (double) (step - WARM_UP) / Math.max(1, steps - WARM_UP);
        return peak * (LAST + (1 - LAST) * (1 + Math.cos(Math.PI * Math.min(1, done))) / 2);
    }

    /**
     * The length of the rows of a step.
     *
     * @param step counted from 0
     * @return tokens per row
     */
    public int rowLength(long step) {
        double chance = new SplittableRandom(seed ^ step * 0x9E3779B97F4A7C15L).nextDouble();
        double done = (double) step / steps;
        if (done < ONLY_SHORT) {
            return SHORT;
        }
        if (done < NO_LONG) {
            return chance < 0.5 ? SHORT : MIDDLE;
        }
        return chance < 0.45 ? SHORT : chance < 0.8 ? MIDDLE : LONG;
    }

    /**
     * Whether most tasks are learned by now, and the hard ones take most of the time.
     *
     * @param step counted from 0
     * @return whether the mixture of the later steps holds
     */
    public boolean isLate(long step) {
        return step >= EARLY * steps;
    }

    /**
     * Whether some rows hold random tokens. They come when words that repeat are long continued, and are learned at once.
     *
     * @param step counted from 0
     * @return whether there are such rows
     */
    public boolean hasRandomRows(long step) {
        return step >= NO_RANDOM * steps;
    }

    /**
     * The number of rows of a step.
     *
     * @param step counted from 0
     * @return rows
     */
    public int rows(long step) {
        return Math.max(1, tokens / rowLength(step));
    }
}
