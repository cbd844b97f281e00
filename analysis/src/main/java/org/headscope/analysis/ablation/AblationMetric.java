package org.headscope.analysis.ablation;

import org.headscope.analysis.metric.KlDivergence;
import org.headscope.analysis.metric.MeanLoss;
import org.headscope.analysis.metric.TokenProbability;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.prompt.StandingRun;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.sweep.LogitDifference;
import org.headscope.hooks.sweep.SweepMetric;
import org.jspecify.annotations.Nullable;

/** What is measured before and after an ablation. Effects are signed so that a positive one means: the part was useful. */
public enum AblationMetric {
    /** Logit difference when answer and foil are given, otherwise loss. */
    AUTO,
    /** Logit of the answer minus logit of the foil, last position. */
    LOGIT_DIFFERENCE,
    /** Mean next-token loss on the prompt, in nats. */
    LOSS,
    /** KL divergence of the next-token distribution from the full model's, last position, in nats. */
    KL,
    /** Probability of the answer, last position. */
    PROBABILITY;

    /**
     * The metric that is really used.
     *
     * @param answer the answer, if given
     * @param foil the foil, if given
     * @return this, or what {@link #AUTO} stands for
     */
    AblationMetric resolve(@Nullable Prompt answer, @Nullable Prompt foil) {
        if (this != AUTO) {
            return this;
        }
        return answer != null && foil != null ? LOGIT_DIFFERENCE : LOSS;
    }

    SweepMetric create(AnalysisContext context, EncodedPrompt prompt, @Nullable Prompt answer, @Nullable Prompt foil) {
        return switch (this) {
            case AUTO -> resolve(answer, foil).create(context, prompt, answer, foil);
            case LOGIT_DIFFERENCE ->
                new LogitDifference(token(context, "answer", answer), token(context, "foil", foil));
            case PROBABILITY -> new TokenProbability(token(context, "answer", answer));
            case LOSS -> loss(context, prompt);
            case KL -> new KlDivergence(lastLogits(context, prompt));
        };
    }

    private static int token(AnalysisContext context, String which, @Nullable Prompt given) {
        if (given == null) {
            throw ParameterException.refused(which, "", "a single token; the chosen metric compares with it");
        }
        int token = context.prompts().answer(given);
        int vocab = context.model().config().dims().vocab();
        if (token < 0 || token >= vocab) {
            throw ParameterException.refused(which, given.line(), "a token id from 0 to " + (vocab - 1));
        }
        return token;
    }

    private static SweepMetric loss(AnalysisContext context, EncodedPrompt prompt) {
        if (!context.model().config().attention().causal()) {
            throw new HeadscopeException("Next-token loss means nothing for a model that sees later tokens. "
                    + "Give an answer and a foil, or choose --metric kl.");
        }
        return new MeanLoss(prompt.batch());
    }

    private static float[] lastLogits(AnalysisContext context, EncodedPrompt prompt) {
        try (RunResult run = context.model()
                .run(StandingRun.of(context, prompt.batch()).lastLogits().build())) {
            return run.logits().toFloatArray();
        }
    }

    /** How useful the part was: what is lost without it. */
    double effect(double full, double ablated) {
        return this == LOSS || this == KL ? ablated - full : full - ablated;
    }

    Quantity effectQuantity() {
        return switch (this) {
            case AUTO, LOGIT_DIFFERENCE -> Quantity.signed("drop of the logit difference", "logits");
            case LOSS -> Quantity.signed("rise of the loss", "nats");
            case KL -> Quantity.signed("KL divergence from the full model", "nats");
            case PROBABILITY -> Quantity.signed("drop of the answer's probability", "");
        };
    }

    Quantity quantity() {
        return switch (this) {
            case AUTO, LOGIT_DIFFERENCE -> Quantity.signed("logit difference", "logits");
            case LOSS -> Quantity.unsigned("next-token loss", "nats");
            case KL -> Quantity.unsigned("KL divergence from the full model", "nats");
            case PROBABILITY -> Quantity.unsigned("probability of the answer", "");
        };
    }
}
