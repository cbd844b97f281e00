package org.headscope.analysis.circuit;

/** Which matrix of a layer is read direction by direction. */
public enum SvdMatrix {
    /** What a head writes for what it reads, {@code W_V W_O}. */
    OV,
    /** What a head's queries look for in keys, {@code W_Q W_K^T}. */
    QK,
    /** What the hidden layer of the MLP reads. */
    MLP_IN,
    /** What the gate of a gated MLP reads. */
    MLP_GATE,
    /** What the MLP writes. */
    MLP_OUT;

    boolean ofHead() {
        return this == OV || this == QK;
    }
}
