package org.headscope.hooks.weights;

import java.util.Locale;
import org.headscope.hooks.config.ModelConfig;
import org.jspecify.annotations.Nullable;

/** The steps of weight processing, in the only order in which they are applied; names are those of TransformerLens. */
public enum ProcessingStep {
    /** Norm gains and biases go into the weights that read from the norm. */
    FOLD_LN(new FoldNorms()),
    /** What writes to the residual stream loses its mean, which every LayerNorm would remove anyway. */
    CENTER_WRITING_WEIGHTS(new CenterWriting()),
    /** Logits are shifted to mean 0 at every position, which the softmax does not see. */
    CENTER_UNEMBED(new CenterUnembed()),
    /** Value biases go into the output bias, because attention rows sum to 1. */
    FOLD_VALUE_BIASES(new FoldValueBiases());

    private final Rule rule;

    ProcessingStep(Rule rule) {
        this.rule = rule;
    }

    /** What a step does, and when it must not be done. */
    interface Rule {
        /** {@return why the step does not apply to a model, or null when it does} */
        @Nullable
        String obstacle(ModelConfig config, ModelWeights weights);

        /** {@return new weights; arrays that did not change are shared} */
        ModelWeights apply(ModelConfig config, ModelWeights weights);
    }

    Rule rule() {
        return rule;
    }

    /** {@return the name in TransformerLens, for example {@code fold_ln}} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
