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
}
