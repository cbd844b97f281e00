package org.headscope.analysis.edges;

/** How a circuit of so many edges is made from the scores of all. */
public enum CircuitGrowth {
    /** From the logits backwards, always the largest score that joins. */
    GREEDY,
    /** The largest scores wherever they are. */
    TOP
}
