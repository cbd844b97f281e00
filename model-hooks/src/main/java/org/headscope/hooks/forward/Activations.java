package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import org.headscope.hooks.config.Activation;

/** The non-linearities of MLPs, and of scores and logits. */
final class Activations {
    private static final double TANH_LINEAR = 2 * Math.sqrt(2 / Math.PI);
    private static final double TANH_CUBIC = 0.044715 * TANH_LINEAR;
    private static final double QUICK = 1.702;

    private Activations() {}

    /** Applies an activation to every element; {@code x} is left as it is. */
    static NDArray apply(Activation activation, NDArray x, RunScope scope) {
        return switch (activation) {
            case GELU -> ai.djl.nn.Activation.gelu(x);
            case GELU_TANH -> scope.recorded() ? recordedGeluTanh(x) : geluTanh(x);
            case QUICK_GELU ->
                ai.djl.nn.Activation.sigmoid(x.mul(Scalar.of(QUICK, x))).mul(x);
            case SILU -> ai.djl.nn.Activation.sigmoid(x).mul(x);
            case RELU -> ai.djl.nn.Activation.relu(x);
        };
    }

    /** Keeps scores or logits between {@code -cap} and {@code cap}. */
    static NDArray softcap(NDArray x, double cap) {
        NDArray engineCap = Scalar.of(cap, x);
        return x.div(engineCap).tanh().mul(engineCap);
    }

    /*
     * 0.5 x (1 + tanh u) = x sigmoid(2u) with 2u = x (c + 0.044715 c x^2): six passes over memory, five of them in place.
     * It is a tenth of a GPT-2 block, so passes count.
     */
    private static NDArray geluTanh(NDArray x) {
        NDArray u = x.square().muli(TANH_CUBIC).addi(TANH_LINEAR).muli(x);
        return ai.djl.nn.Activation.sigmoid(u).muli(x);
    }

    /* The same with every step kept. hasGradient() is no help: the engine says no for all but leaves. */
    private static NDArray recordedGeluTanh(NDArray x) {
        NDArray u = x.square().mul(Scalar.of(TANH_CUBIC, x)).add(TANH_LINEAR).mul(x);
        return ai.djl.nn.Activation.sigmoid(u).mul(x);
    }
}
