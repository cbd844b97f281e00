package org.headscope.analysis.circuit;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.result.Table;
import org.headscope.hooks.config.Dims;

/**
 * Composition of heads that have nothing to do with each other: Gaussian factors of the same shape. It is the same for
 * queries, keys and values, whose factors have one shape.
 *
 * @param mean over the draws
 * @param deviation standard deviation over the draws
 * @param rotated root mean square for circuits with any singular values, one of them randomly rotated: 1 / sqrt(d_model)
 */
record ChanceComposition(double mean, double deviation, double rotated) {
    static ChanceComposition draw(Dims dims, int draws, long seed) {
        Random random = new Random(seed);
        double[] drawn = new double[draws];
        for (int i = 0; i < draws; i++) {
            LayerCircuits writer = LayerCircuits.writing(List.of(head(dims, random)));
            LayerCircuits reader = LayerCircuits.reading(List.of(head(dims, random)), Composition.K);
            drawn[i] = writer.with(reader)[0][0];
        }
        double mean = Arrays.stream(drawn).average().orElseThrow();
        double squares = Arrays.stream(drawn).map(v -> (v - mean) * (v - mean)).sum();
        return new ChanceComposition(mean, Math.sqrt(squares / (draws - 1)), 1 / Math.sqrt(dims.dModel()));
    }

    private static HeadFactors head(Dims dims, Random random) {
        return new HeadFactors(
                gaussian(dims, random),
                gaussian(dims, random),
                gaussian(dims, random),
                gaussian(dims, random).transpose());
    }

    private static Matrix gaussian(Dims dims, Random random) {
        double[] values = new double[dims.dHead() * dims.dModel()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Matrix.of(dims.dHead(), dims.dModel(), values);
    }

    Table table(String title) {
        return new Table(
                title,
                List.of(
                        Table.Column.text("baseline"),
                        Table.Column.number("composition", ""),
                        Table.Column.number("standard deviation", "")),
                List.of(
                        List.of("Gaussian matrices of the same shape, mean; subtracted", mean, deviation),
                        List.of("same singular values, randomly rotated; root mean square", rotated, Double.NaN)));
    }
}
