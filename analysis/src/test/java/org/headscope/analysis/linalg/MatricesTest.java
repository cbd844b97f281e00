package org.headscope.analysis.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MatricesTest {
    private static final double EXACT = 1e-12;
    private static final Matrix SHEAR = Matrix.of(new double[][] {{1, 1}, {0, 1}});

    private static Matrix random(int rows, int columns, Random random) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Matrix.of(rows, columns, values);
    }

    private static Matrix diagonal(List<Double> entries) {
        double[][] rows = new double[entries.size()][entries.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i][i] = entries.get(i);
        }
        return Matrix.of(rows);
    }

    private static void assertClose(Matrix actual, Matrix expected, double tolerance) {
        assertThat(Matrices.frobenius(actual.minus(expected))).isLessThan(tolerance);
    }

    @Test
    void productIsComputedByHand() {
        Matrix product = Matrices.multiply(
                Matrix.of(new double[][] {{1, 2, 3}}), Matrix.of(new double[][] {{1, 0}, {0, 1}, {2, 2}}));
        assertThat(product).isEqualTo(Matrix.of(new double[][] {{7, 8}}));
    }

    @Test
    void productKeepsRowOrderWhenBothSidesAreWide() {
        Random random = new Random(5);
        Matrix a = random(7, 11, random);
        Matrix b = random(11, 3, random);
        double entry = 0;
        for (int k = 0; k < 11; k++) {
            entry += a.at(4, k) * b.at(k, 1);
        }
        assertThat(Matrices.multiply(a, b).at(4, 1)).isCloseTo(entry, within(EXACT));
    }

    @Test
    void productOfUnfittingSizesIsRefused() {
        assertThatThrownBy(() -> Matrices.multiply(SHEAR, Matrix.of(3, 1, new double[3])))
                .isInstanceOf(LinalgException.class)
                .hasMessageContaining("2 x 2 by 3 x 1");
    }

    @Test
    void singularValuesOfAShearAreTheGoldenRatioAndItsInverse() {
        double golden = (1 + Math.sqrt(5)) / 2;
        List<Double> values = Matrices.singularValues(SHEAR);
        assertThat(values.get(0)).isCloseTo(golden, within(EXACT));
        assertThat(values.get(1)).isCloseTo(1 / golden, within(EXACT));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "5,5", "40,7", "7,40", "1,9", "9,1", "64,64"})
    void singularVectorsRebuildTheMatrixAndAreOrthonormal(int rows, int columns) {
        Matrix a = random(rows, columns, new Random(rows * 100 + columns));
        Svd svd = Matrices.svd(a);
        assertClose(Matrices.multiply(Matrices.multiply(svd.u(), diagonal(svd.s())), svd.vt()), a, 1e-11);
        Matrix identity = diagonal(svd.s().stream().map(s -> 1.0).toList());
        assertClose(Matrices.multiply(svd.u().transpose(), svd.u()), identity, 1e-11);
        assertClose(Matrices.multiply(svd.vt(), svd.vt().transpose()), identity, 1e-11);
    }

    @Test
    void singularValuesAloneEqualThoseOfTheFullDecomposition() {
        Matrix a = random(30, 12, new Random(8));
        List<Double> alone = Matrices.singularValues(a);
        List<Double> full = Matrices.svd(a).s();
        for (int i = 0; i < 12; i++) {
            assertThat(alone.get(i)).isCloseTo(full.get(i), within(EXACT));
        }
    }

    @Test
    void decompositionsLeaveTheirInputAlone() {
        Matrix a = random(6, 6, new Random(1));
        Matrix copy = Matrix.of(6, 6, a.toArray());
        Matrices.svd(a);
        Matrices.eigenvalues(a);
        Matrices.leastSquares(a, a);
        assertThat(a).isEqualTo(copy);
    }

    @Test
    void companionMatrixHasTheRootsOfItsPolynomial() {
        // x^3 - 6 x^2 + 11 x - 6 = (x - 1)(x - 2)(x - 3)
        Matrix companion = Matrix.of(new double[][] {{0, 0, 6}, {1, 0, -11}, {0, 1, 6}});
        List<Complex> roots = Matrices.eigenvalues(companion);
        for (int i = 0; i < 3; i++) {
            assertThat(roots.get(i).real()).isCloseTo(3 - i, within(1e-10));
            assertThat(roots.get(i).imaginary()).isZero();
        }
    }

    @Test
    void rotationHasTheConjugatePairOfItsAngle() {
        double angle = 0.7;
        Matrix rotation =
                Matrix.of(new double[][] {{Math.cos(angle), -Math.sin(angle)}, {Math.sin(angle), Math.cos(angle)}});
        List<Complex> pair = Matrices.eigenvalues(rotation);
        assertThat(pair.get(0).imaginary()).isCloseTo(Math.sin(angle), within(EXACT));
        assertThat(pair.get(1).imaginary()).isCloseTo(-Math.sin(angle), within(EXACT));
        assertThat(pair.get(0).real()).isCloseTo(Math.cos(angle), within(EXACT));
    }

    @Test
    void defectiveMatrixGivesItsEigenvalueTwice() {
        assertThat(Matrices.eigenvalues(SHEAR)).containsExactly(new Complex(1, 0), new Complex(1, 0));
    }

    /** A block-triangular matrix shows its spectrum; an orthogonal similarity hides it without changing it. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void knownComplexSpectrumSurvivesAnOrthogonalSimilarity(long seed) {
        Random random = new Random(seed);
        int pairs = 10;
        double[][] blocks = new double[2 * pairs + 1][2 * pairs + 1];
        List<Complex> expected = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            double re = random.nextGaussian();
            double im = 0.1 + random.nextDouble();
            blocks[2 * i][2 * i] = re;
            blocks[2 * i][2 * i + 1] = -im;
            blocks[2 * i + 1][2 * i] = im;
            blocks[2 * i + 1][2 * i + 1] = re;
            expected.add(new Complex(re, im));
            expected.add(new Complex(re, -im));
        }
        blocks[2 * pairs][2 * pairs] = 5;
        expected.add(new Complex(5, 0));
        Matrix mirror = reflection(2 * pairs + 1, random);
        Matrix hidden = Matrices.multiply(Matrices.multiply(mirror, Matrix.of(blocks)), mirror);

        List<Complex> actual = new ArrayList<>(Matrices.eigenvalues(hidden));

        Comparator<Complex> order = Comparator.comparingDouble(Complex::imaginary);
        actual.sort(order);
        expected.sort(order);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).real()).isCloseTo(expected.get(i).real(), within(1e-9));
            assertThat(actual.get(i).imaginary()).isCloseTo(expected.get(i).imaginary(), within(1e-9));
        }
    }

    private static Matrix reflection(int n, Random random) {
        Matrix v = random(n, 1, random);
        double norm = Matrices.frobenius(v);
        double[][] rows = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                rows[i][j] = (i == j ? 1 : 0) - 2 * v.at(i, 0) * v.at(j, 0) / (norm * norm);
            }
        }
        return Matrix.of(rows);
    }

    @Test
    void eigenvaluesComeLargestFirst() {
        assertThat(Matrices.eigenvalues(diagonal(List.of(1.0, -5.0, 3.0))))
                .extracting(Complex::real)
                .containsExactly(-5.0, 3.0, 1.0);
    }

    @Test
    void leastSquaresFindsTheLineThroughItsPoints() {
        Matrix a = Matrix.of(new double[][] {{1, 0}, {1, 1}, {1, 2}});
        Matrix b = Matrix.of(new double[][] {{3}, {5}, {7}});
        assertClose(Matrices.leastSquares(a, b), Matrix.of(new double[][] {{3}, {2}}), EXACT);
    }

    @Test
    void leastSquaresResidualIsOrthogonalToTheColumns() {
        Random random = new Random(3);
        Matrix a = random(50, 6, random);
        Matrix b = random(50, 2, random);
        Matrix residual = Matrices.multiply(a, Matrices.leastSquares(a, b)).minus(b);
        assertThat(Matrices.frobenius(Matrices.multiply(a.transpose(), residual)))
                .isLessThan(1e-11);
    }

    @Test
    void leastSquaresTakesTheSmallestOfManySolutions() {
        Matrix solution = Matrices.leastSquares(Matrix.of(new double[][] {{1, 1}}), Matrix.of(new double[][] {{2}}));
        assertClose(solution, Matrix.of(new double[][] {{1}, {1}}), EXACT);
    }

    @Test
    void frobeniusOfThreeAndFourIsFive() {
        assertThat(Matrices.frobenius(Matrix.of(new double[][] {{3, 0}, {0, -4}})))
                .isCloseTo(5, within(EXACT));
    }

    @Test
    void frobeniusOfHugeNumbersDoesNotOverflow() {
        assertThat(Matrices.frobenius(Matrix.of(new double[][] {{3e200, 4e200}})))
                .isCloseTo(5e200, within(1e188));
    }

    @ParameterizedTest
    @CsvSource({"1;1;1;1, 4", "1;1;0;0, 2", "7;0;0;0, 1", "0;0;0;0, 0"})
    void effectiveRankCountsEqualDirections(String entries, double rank) {
        List<Double> diagonal =
                java.util.Arrays.stream(entries.split(";")).map(Double::valueOf).toList();
        assertThat(Matrices.effectiveRank(diagonal(diagonal))).isCloseTo(rank, within(EXACT));
    }

    @Test
    void effectiveRankOfUnequalDirectionsIsTheExponentialOfTheirEntropy() {
        double expected = Math.exp(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)));
        assertThat(Matrices.effectiveRank(diagonal(List.of(3.0, 1.0)))).isCloseTo(expected, within(EXACT));
    }

    @Test
    void nanIsRefusedBeforeItReachesTheSolver() {
        Matrix bad = Matrix.of(new double[][] {{1, Double.NaN}, {0, 1}});
        assertThatThrownBy(() -> Matrices.svd(bad))
                .isInstanceOf(LinalgException.class)
                .hasMessageContaining("NaN");
        assertThatThrownBy(() -> Matrices.eigenvalues(bad)).isInstanceOf(LinalgException.class);
        assertThatThrownBy(() -> Matrices.leastSquares(bad, SHEAR)).isInstanceOf(LinalgException.class);
    }

    @Test
    void eigenvaluesOfAnOblongMatrixAreRefused() {
        assertThatThrownBy(() -> Matrices.eigenvalues(Matrix.of(2, 3, new double[6])))
                .isInstanceOf(LinalgException.class)
                .hasMessageContaining("2 x 3");
    }

    @Test
    void raggedRowsAreRefused() {
        assertThatThrownBy(() -> Matrix.of(new double[][] {{1, 2}, {3}})).isInstanceOf(LinalgException.class);
    }

    @Test
    void floatsAreWidened() {
        assertThat(Matrix.of(1, 2, new float[] {0.5f, 2})).isEqualTo(Matrix.of(1, 2, new double[] {0.5, 2}));
    }
}
