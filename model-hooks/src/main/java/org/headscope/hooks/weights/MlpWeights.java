package org.headscope.hooks.weights;

/** The weights of one MLP. */
public sealed interface MlpWeights {
    /**
     * {@code out(act(in(x)))}.
     *
     * @param in {@code [d_mlp, d_model]}
     * @param out {@code [d_model, d_mlp]}
     */
    record Plain(Linear in, Linear out) implements MlpWeights {}

    /**
     * {@code out(act(gate(x)) * in(x))}.
     *
     * @param gate {@code [d_mlp, d_model]}
     * @param in {@code [d_mlp, d_model]}
     * @param out {@code [d_model, d_mlp]}
     */
    record Gated(Linear gate, Linear in, Linear out) implements MlpWeights {}

    /** {@return the projection back to the residual stream} */
    Linear out();
}
