package org.headscope.analysis.ablation;

import org.headscope.analysis.spi.ParameterException;

/** Which reference prompts, and which of their positions, stand in for a position of an example. */
public enum Averaging {
    /** All positions of all of them. */
    GLOBAL,
    /** The same position of those with as many tokens. */
    POSITION,
    /** The same position of those of the same template, as Wang et al. do. */
    TEMPLATE;

    /** What two prompts share when one may stand in for the other. */
    record Key(String form, int length) {}

    Key key(String form, int length) {
        return switch (this) {
            case GLOBAL -> new Key("", 0);
            case POSITION -> new Key("", length);
            case TEMPLATE -> {
                if (form.isEmpty()) {
                    throw ParameterException.refused(
                            "average",
                            "template",
                            "position or global: the prompts of this task do not align word by word");
                }
                yield new Key(form, length);
            }
        };
    }

    /** In words, behind "mean over". */
    String words() {
        return switch (this) {
            case GLOBAL -> "all positions";
            case POSITION -> "the same position, prompts of equal length";
            case TEMPLATE -> "the same position, prompts of the same template";
        };
    }
}
