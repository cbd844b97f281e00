package org.headscope.analysis.circuit;

/** Which input of a later head an earlier one writes to. */
enum Composition {
    /** Queries. */
    Q,
    /** Keys. */
    K,
    /** Values. */
    V;

    /** Title of its panel. */
    String title() {
        return name() + "-composition above chance";
    }

    /** Title of the panel that holds it against circuits with the same singular values. */
    String rotatedTitle() {
        return name() + "-composition against random rotations";
    }
}
