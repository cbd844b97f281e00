package org.headscope.analysis.mask;

import org.headscope.hooks.intervene.Ablation.Mode;

/**
 * How a part is masked. "Masked" is not one operation, so the mode is part of every mask.
 *
 * @param mode what happens to its output
 * @param gate for {@link Mode#GATE} the factor from 0 to 1; 0 for every other mode
 */
public record MaskSetting(Mode mode, double gate) {
    /** Output becomes zero. */
    public static final MaskSetting ZERO = of(Mode.ZERO);

    /** Refuses gates outside 0 to 1, and gates on modes that have none. */
    public MaskSetting {
        if (mode == Mode.GATE ? !(gate >= 0 && gate <= 1) : gate != 0) {
            throw new MaskException("Mode " + mode.label() + " cannot have gate " + gate
                    + ": gate takes 0 to 1, every other mode takes none.");
        }
    }

    /**
     * A mode without a gate.
     *
     * @param mode any mode but {@link Mode#GATE}
     * @return the setting
     */
    public static MaskSetting of(Mode mode) {
        if (mode == Mode.GATE) {
            throw new MaskException("Mode gate needs a value from 0 to 1: use MaskSetting.gate.");
        }
        return new MaskSetting(mode, 0);
    }

    /**
     * Output times a factor.
     *
     * @param value from 0 (off) to 1 (unchanged)
     * @return the setting
     */
    public static MaskSetting gate(double value) {
        return new MaskSetting(Mode.GATE, value);
    }

    /** {@return the entry of a matrix where 1 means keep: the gate, or 0 for every mode without one} */
    public double keep() {
        return gate;
    }

    /** {@return whether a 0/1 matrix counts the part as masked; a gate counts only when it is 0} */
    public boolean off() {
        return gate == 0;
    }

    /** {@return its words: {@code zero}, {@code mean}, {@code gate 0.3}} */
    public String label() {
        return mode == Mode.GATE ? "gate " + gate : mode.label();
    }

    boolean fits(MaskUnit.Kind kind) {
        return switch (kind) {
            case HEAD -> true;
            case MLP -> mode != Mode.UNIFORM;
            case ATTENTION, LAYER -> mode == Mode.ZERO;
        };
    }
}
