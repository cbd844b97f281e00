package org.headscope.hooks.train;

import java.util.Arrays;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The usual random beginning of a transformer (Radford et al. 2019): normal weights of one width, those that write to the
 * residual stream narrower by the square root of their number, gains one, biases zero.
 */
public final class RandomStart implements StartValues {
    private static final Set<String> WRITERS = Set.of("o_proj", "down_proj", "c_proj");

    private final RandomGenerator random;
    private final double width;
    private final double writerWidth;

    /**
     * A random beginning.
     *
     * @param random the source of all numbers, drawn in the order in which tensors are asked for
     * @param width standard deviation of the weights
     * @param layers number of blocks; each writes twice
     */
    public RandomStart(RandomGenerator random, double width, int layers) {
        this.random = random;
        this.width = width;
        this.writerWidth = width / Math.sqrt(2.0 * layers);
    }

    @Override
    public float[] of(String name, long[] shape) {
        float[] values = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
        if (shape.length > 1) {
            double spread = Stream.of(name.split("\\.")).anyMatch(WRITERS::contains) ? writerWidth : width;
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (spread * random.nextGaussian());
            }
        } else if (name.endsWith(".weight")) {
            Arrays.fill(values, 1);
        }
        return values;
    }
}
