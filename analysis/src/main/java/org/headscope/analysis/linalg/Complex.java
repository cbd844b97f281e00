package org.headscope.analysis.linalg;

/**
 * A complex number.
 *
 * @param real real part
 * @param imaginary imaginary part
 */
public record Complex(double real, double imaginary) {
    /** {@return its absolute value} */
    public double abs() {
        return Math.hypot(real, imaginary);
    }
}
