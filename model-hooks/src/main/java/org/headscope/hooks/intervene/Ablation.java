package org.headscope.hooks.intervene;

import java.util.Locale;
import org.headscope.hooks.run.Activations;

/** How something is ablated. These are different operations with different results; every result names which was used. */
public sealed interface Ablation {
    /** The mode of an ablation, as it is named in files and results. */
    enum Mode {
        /** The output becomes 0. With raw weights that removes the value bias too. */
        ZERO,
        /** The output becomes its mean over a named reference set. */
        MEAN,
        /** The output becomes that of another prompt. */
        RESAMPLE,
        /** Attention becomes uniform over the keys each query sees; values stay. */
        UNIFORM,
        /** The output is multiplied by a gate. */
        GATE;

        /** {@return the name in lower case} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The output becomes 0 (Michel et al., arXiv 1905.10650). */
    record Zero() implements Ablation {
        @Override
        public Mode mode() {
            return Mode.ZERO;
        }
    }

    /**
     * The output is multiplied by {@code gate}.
     *
     * @param gate any number; 1 changes nothing
     */
    record Gate(double gate) implements Ablation {
        @Override
        public Mode mode() {
            return Mode.GATE;
        }
    }

    /**
     * The output becomes its mean (Wang et al., arXiv 2211.00593).
     *
     * @param means reference values at the target's site, axes of length 1 where averaged
     * @param reference what they were averaged over, in words
     */
    record Mean(Activations means, String reference) implements Ablation {
        @Override
        public Mode mode() {
            return Mode.MEAN;
        }
    }

    /**
     * The output becomes that of another prompt of the same length.
     *
     * @param other activations of the other prompt at the target's site
     * @param reference which prompt, in words
     */
    record Resample(Activations other, String reference) implements Ablation {
        @Override
        public Mode mode() {
            return Mode.RESAMPLE;
        }
    }

    /** Attention becomes uniform over visible keys (the mask of the retrieval-head papers). Heads only. */
    record Uniform() implements Ablation {
        @Override
        public Mode mode() {
            return Mode.UNIFORM;
        }
    }

    /** {@return the mode} */
    Mode mode();
}
