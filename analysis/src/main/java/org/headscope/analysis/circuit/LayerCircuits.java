package org.headscope.analysis.circuit;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;

/**
 * One circuit of every head of a layer, each as a thin matrix whose product with another has the Frobenius norm of the
 * product of the whole circuits.
 *
 * @param heads how many heads
 * @param thin their matrices, one below the other, {@code [heads * d_head, d_model]}
 * @param norms Frobenius norm of each circuit
 * @param concentration sum of the squared shares of the squared singular values, between 1 / rank and 1
 */
record LayerCircuits(int heads, Matrix thin, double[] norms, double[] concentration) {
    /** What the heads write, to be read by later ones: {@code W_V W_O}. */
    static LayerCircuits writing(List<HeadFactors> layer) {
        return of(
                layer,
                head -> Matrices.multiply(ThinFactors.core(head.v()), head.o().transpose()));
    }

    /** What the heads read of what earlier ones wrote. */
    static LayerCircuits reading(List<HeadFactors> layer, Composition kind) {
        return of(layer, head -> switch (kind) {
            case Q -> Matrices.multiply(ThinFactors.core(head.k()), head.q());
            case K -> Matrices.multiply(ThinFactors.core(head.q()), head.k());
            case V -> Matrices.multiply(ThinFactors.core(head.o().transpose()), head.v());
        });
    }

    private static LayerCircuits of(List<HeadFactors> layer, Function<HeadFactors, Matrix> circuit) {
        List<Matrix> each = layer.stream().map(circuit).toList();
        ToDoubleFunction<Matrix> norm = Matrices::frobenius;
        return new LayerCircuits(
                each.size(),
                ThinFactors.stack(each),
                each.stream().mapToDouble(norm).toArray(),
                each.stream().mapToDouble(LayerCircuits::concentration).toArray());
    }

    /** {@code sum s^4 / (sum s^2)^2}, from the small Gram matrix. */
    private static double concentration(Matrix circuit) {
        double norm = Matrices.frobenius(circuit);
        double gram = Matrices.frobenius(Matrices.multiply(circuit, circuit.transpose()));
        return norm == 0 ? Double.NaN : gram / (norm * norm) * (gram / (norm * norm));
    }

    /** Standard deviations of {@link #with} above the composition of randomly rotated circuits, {@code [sender, receiver]}. */
    double[][] aboveRotated(double[][] scores, LayerCircuits readers, RotationNull rotated) {
        double[][] above = new double[heads][readers.heads()];
        for (int sender = 0; sender < heads; sender++) {
            for (int receiver = 0; receiver < readers.heads(); receiver++) {
                above[sender][receiver] = rotated.standardised(
                        scores[sender][receiver], concentration[sender], readers.concentration()[receiver]);
            }
        }
        return above;
    }

    /**
     * Composition of every head of this layer, which writes, with every head of another, which reads.
     *
     * @param readers circuits of a later layer
     * @return {@code [sender, receiver]}; NaN where one of the two circuits is zero
     */
    double[][] with(LayerCircuits readers) {
        double[] product = Matrices.multiply(thin, readers.thin().transpose()).toArray();
        int width = readers.thin().rows();
        double[][] squares = new double[heads][readers.heads()];
        for (int i = 0; i < product.length; i++) {
            int sender = i / width / (thin.rows() / heads);
            int receiver = i % width / (width / readers.heads());
            squares[sender][receiver] += product[i] * product[i];
        }
        return ratios(squares, readers);
    }

    private double[][] ratios(double[][] squares, LayerCircuits readers) {
        for (int sender = 0; sender < heads; sender++) {
            for (int receiver = 0; receiver < readers.heads(); receiver++) {
                double norm = norms[sender] * readers.norms()[receiver];
                squares[sender][receiver] = norm == 0 ? Double.NaN : Math.sqrt(squares[sender][receiver]) / norm;
            }
        }
        return squares;
    }
}
