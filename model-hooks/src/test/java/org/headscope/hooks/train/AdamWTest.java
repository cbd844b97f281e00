package org.headscope.hooks.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.runtime.Engines;
import org.headscope.hooks.testing.NativeCount;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdamWTest {
    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.9, 0.98, 1e-8, 0.1, 2);
    /** Of three steps; the second is longer than the clip, the gradient of the last element of the third is zero. */
    private static final double[][] GRADIENTS = {
        {0.5, -0.25, 0.125, 1, -0.75, 0.3},
        {3, -4, 1, 0.5, 2, -1},
        {-0.1, 0.2, 0.4, -0.3, 0.05, 0}
    };

    private static final double[] RATES = {0.01, 0.02, 0.005};
    private static final float[] MATRIX = {1, -2, 3, 0.5f};
    private static final float[] VECTOR = {-1, 2};

    private final NDManager manager = Engines.newManager();

    @AfterEach
    void close() {
        manager.close();
    }

    /** A 2 by 2 matrix and a vector of 2 whose gradients are what a test says. */
    private final class Trained implements AutoCloseable {
        private final Map<String, NDArray> parameters = new LinkedHashMap<>();
        private final AdamW optimizer;

        Trained() {
            parameters.put("matrix", parameter(MATRIX, 2, 2));
            parameters.put("vector", parameter(VECTOR, 2));
            optimizer = new AdamW(parameters, SETTINGS, manager);
        }

        private NDArray parameter(float[] values, long... shape) {
            try (NDArray fromJava = manager.create(values, new Shape(shape))) {
                NDArray parameter = fromJava.duplicate();
                parameter.setRequiresGradient(true);
                return parameter;
            }
        }

        NDArray get(String name) {
            return Objects.requireNonNull(parameters.get(name));
        }

        /** The gradient of the sum of all weights times these numbers is these numbers. */
        void backward(double... gradient) {
            try (NDManager temporary = manager.newSubManager();
                    GradientCollector collector = Engines.get().newGradientCollector()) {
                NDArray m = temporary.create(floats(gradient, 0, 4), new Shape(2, 2));
                NDArray v = temporary.create(floats(gradient, 4, 6), new Shape(2));
                collector.backward(
                        m.mul(get("matrix")).sum().add(v.mul(get("vector")).sum()));
            }
        }

        double step(double rate, double... gradient) {
            backward(gradient);
            return optimizer.step(rate);
        }

        float[] weights() {
            float[] all = new float[6];
            System.arraycopy(get("matrix").toFloatArray(), 0, all, 0, 4);
            System.arraycopy(get("vector").toFloatArray(), 0, all, 4, 2);
            return all;
        }

        float[] gradients() {
            float[] all = new float[6];
            System.arraycopy(get("matrix").getGradient().toFloatArray(), 0, all, 0, 4);
            System.arraycopy(get("vector").getGradient().toFloatArray(), 0, all, 4, 2);
            return all;
        }

        Map<String, float[]> moments() {
            Map<String, float[]> moments = new HashMap<>();
            optimizer.moments().forEach((name, moment) -> moments.put(name, moment.toFloatArray()));
            return moments;
        }

        @Override
        public void close() {
            optimizer.close();
        }
    }

    private static float[] floats(double[] from, int start, int end) {
        float[] floats = new float[end - start];
        for (int i = start; i < end; i++) {
            floats[i - start] = (float) from[i];
        }
        return floats;
    }

    /** Algorithm 2 of arXiv 1711.05101 with the learning rate multiplied out, the gradient first shortened to the clip. */
    private static double[] byFormula() {
        double[] theta = {1, -2, 3, 0.5, -1, 2};
        double[] m = new double[6];
        double[] v = new double[6];
        for (int t = 1; t <= GRADIENTS.length; t++) {
            double[] g = GRADIENTS[t - 1];
            double shorten = Math.min(1, SETTINGS.clip() / length(g));
            for (int i = 0; i < 6; i++) {
                double clipped = g[i] * shorten;
                m[i] = 0.9 * m[i] + 0.1 * clipped;
                v[i] = 0.98 * v[i] + 0.02 * clipped * clipped;
                double mHat = m[i] / (1 - Math.pow(0.9, t));
                double vHat = v[i] / (1 - Math.pow(0.98, t));
                double decay = i < 4 ? 0.1 * theta[i] : 0;
                theta[i] -= RATES[t - 1] * (mHat / (Math.sqrt(vHat) + 1e-8) + decay);
            }
        }
        return theta;
    }

    private static double length(double... vector) {
        double squares = 0;
        for (double x : vector) {
            squares += x * x;
        }
        return Math.sqrt(squares);
    }

    @Test
    void threeStepsFollowTheFormula() {
        try (Trained trained = new Trained()) {
            for (int t = 0; t < 3; t++) {
                assertThat(trained.step(RATES[t], GRADIENTS[t])).isCloseTo(length(GRADIENTS[t]), within(1e-6));
            }
            double[] expected = byFormula();
            for (int i = 0; i < 6; i++) {
                assertThat((double) trained.weights()[i]).as("weight %d", i).isCloseTo(expected[i], within(2e-6));
            }
            assertThat(trained.optimizer.steps()).isEqualTo(3);
        }
    }

    @Test
    void gradientsAddUpUntilTheStepAndAreZeroAfterIt() {
        try (Trained twice = new Trained();
                Trained once = new Trained()) {
            twice.backward(GRADIENTS[0]);
            twice.step(0.01, GRADIENTS[0]);
            double[] doubled = new double[6];
            for (int i = 0; i < 6; i++) {
                doubled[i] = 2 * GRADIENTS[0][i];
            }
            once.step(0.01, doubled);
            assertThat(twice.weights()).containsExactly(once.weights());
            assertThat(twice.gradients()).containsOnly(0);
        }
    }

    @Test
    void aRestoredOptimizerGoesOnBitForBit() {
        try (Trained whole = new Trained();
                Trained first = new Trained();
                Trained second = new Trained()) {
            for (int t = 0; t < 3; t++) {
                whole.step(RATES[t], GRADIENTS[t]);
            }
            first.step(RATES[0], GRADIENTS[0]);
            first.step(RATES[1], GRADIENTS[1]);
            first.parameters.forEach((name, weight) -> second.get(name).set(new NDIndex("..."), weight));
            second.optimizer.restore(2, first.optimizer.moments());
            first.close();
            second.step(RATES[2], GRADIENTS[2]);
            assertThat(second.weights()).containsExactly(whole.weights());
            assertThat(second.moments()).usingRecursiveComparison().isEqualTo(whole.moments());
        }
    }

    @Test
    void theStateOfAnotherModelIsRefusedByNameAndChangesNothing() {
        try (Trained trained = new Trained()) {
            trained.step(RATES[0], GRADIENTS[0]);
            Map<String, float[]> before = trained.moments();
            Map<String, NDArray> saved = new HashMap<>();
            trained.optimizer.moments().forEach((name, moment) -> saved.put(name, moment.onesLike()));
            saved.put("v.vector", manager.ones(new Shape(3)));
            assertThatThrownBy(() -> trained.optimizer.restore(7, saved))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("'v.vector' of shape (2)");
            saved.remove("v.vector");
            assertThatThrownBy(() -> trained.optimizer.restore(7, saved)).hasMessageContaining("'v.vector'");
            assertThat(trained.moments()).usingRecursiveComparison().isEqualTo(before);
            assertThat(trained.optimizer.steps()).isEqualTo(1);
        }
    }

    @Test
    void aGradientThatIsNotANumberIsRefusedAndForgotten() {
        try (Trained trained = new Trained();
                Trained undisturbed = new Trained()) {
            trained.step(RATES[0], GRADIENTS[0]);
            undisturbed.step(RATES[0], GRADIENTS[0]);
            for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
                trained.backward(1, 2, bad, 4, 5, 6);
                assertThatThrownBy(() -> trained.optimizer.step(0.01))
                        .isInstanceOf(HeadscopeException.class)
                        .hasMessageContaining("not a number after 1 steps");
                assertThat(trained.weights()).containsExactly(undisturbed.weights());
                assertThat(trained.moments()).usingRecursiveComparison().isEqualTo(undisturbed.moments());
                assertThat(trained.gradients()).containsOnly(0);
            }
            trained.step(RATES[1], GRADIENTS[1]);
            undisturbed.step(RATES[1], GRADIENTS[1]);
            assertThat(trained.weights()).containsExactly(undisturbed.weights());
        }
    }

    @Test
    void stepsLeaveNoNativeMemoryBehind() {
        Trained trained = new Trained();
        int before = NativeCount.below(manager);
        for (int t = 0; t < 3; t++) {
            trained.step(RATES[t], GRADIENTS[t]);
        }
        assertThat(NativeCount.below(manager)).isEqualTo(before);
        trained.close();
        assertThat(NativeCount.below(manager)).isEqualTo(trained.parameters.size());
    }
}
