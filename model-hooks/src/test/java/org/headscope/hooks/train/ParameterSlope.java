package org.headscope.hooks.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** The slope of a loss when one parameter moves along a direction, from losses alone. */
final class ParameterSlope {
    /** The longest step, as a part of the length of the parameter. */
    private static final double STEP = 0.01;
    /** How far gradient and slope may lie apart, as a part of the slope; 0.0001 were seen where slopes are steep. */
    private static final double TOLERANCE = 0.003;
    /** What the last bits of the logits do to a slope; half of it was seen. */
    private static final double NOISE = 2e-4;

    private final String name;
    private final NDArray parameter;
    private final float[] at;
    private final DoubleSupplier loss;

    ParameterSlope(TrainableModel trained, String name, DoubleSupplier loss) {
        this.name = name;
        this.parameter = Objects.requireNonNull(trained.parameters().get(name));
        this.at = parameter.toFloatArray();
        this.loss = loss;
    }

    void agrees(float[] gradient, double[] direction) {
        double expected = 0;
        for (int i = 0; i < gradient.length; i++) {
            expected += gradient[i] * direction[i];
        }
        assertThat(Math.abs(expected)).as(name).isGreaterThan(10 * NOISE);
        assertThat(along(direction)).as(name).isCloseTo(expected, within(Math.abs(expected) * TOLERANCE + NOISE));
    }

    /** Differences at one step, a half and a quarter of it, so that curvature cancels (Romberg). */
    private double along(double[] direction) {
        double step = STEP * length(at);
        double whole = central(direction, step);
        double half = central(direction, step / 2);
        double quarter = central(direction, step / 4);
        double coarse = (4 * half - whole) / 3;
        double fine = (4 * quarter - half) / 3;
        return (16 * fine - coarse) / 15;
    }

    private double central(double[] direction, double step) {
        double difference = moved(direction, step) - moved(direction, -step);
        move(direction, 0);
        return difference / (2 * step);
    }

    private double moved(double[] direction, double step) {
        move(direction, step);
        return loss.getAsDouble();
    }

    private void move(double[] direction, double step) {
        float[] values = new float[at.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (at[i] + step * direction[i]);
        }
        try (NDManager temporary = parameter.getManager().newSubManager()) {
            parameter.set(new NDIndex("..."), temporary.create(values, parameter.getShape()));
        }
    }

    /** A direction of unit length between the gradient and chance. */
    double[] between(float[] gradient, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] chance = new float[gradient.length];
        for (int i = 0; i < chance.length; i++) {
            chance[i] = (float) random.nextDouble(-1, 1);
        }
        double[] direction = new double[gradient.length];
        for (int i = 0; i < direction.length; i++) {
            direction[i] = (gradient[i] / length(gradient) + chance[i] / length(chance)) / Math.sqrt(2);
        }
        return direction;
    }

    /** The element with the steepest slope, alone. */
    double[] largest(float[] gradient) {
        int best = 0;
        for (int i = 1; i < gradient.length; i++) {
            best = Math.abs(gradient[i]) > Math.abs(gradient[best]) ? i : best;
        }
        double[] direction = new double[gradient.length];
        direction[best] = 1;
        return direction;
    }

    private static double length(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        return Math.sqrt(squares);
    }
}
