package org.headscope.analysis.patching;

import ai.djl.ndarray.NDArray;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.patching.ActivationPatching.Parameters;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.sweep.LogitDifference;

/**
 * The two prompts in the order that the direction gives them, and the logit difference that is read on both.
 *
 * @param base the prompt that is run with patches
 * @param other the prompt that activations come from
 * @param answer right next token
 * @param foil wrong next token
 */
record PatchPair(EncodedPrompt base, EncodedPrompt other, int answer, int foil) {
    /** Refuses prompts of unequal length and answers that are the same token. */
    static PatchPair of(AnalysisContext context, Parameters parameters) {
        EncodedPrompt clean = EncodedPrompt.of(context, "clean", parameters.clean());
        EncodedPrompt corrupt = EncodedPrompt.of(context, "corrupt", parameters.corrupt());
        clean.requireSameLength(corrupt);
        int answer = context.prompts().answer(parameters.answer());
        int foil = context.prompts().answer(parameters.foil());
        if (answer == foil) {
            throw new HeadscopeException("Answer and foil are the same token " + answer + " ('"
                    + context.prompts().show(answer) + "'): give two different ones.");
        }
        boolean denoise = parameters.mode() == Mode.DENOISE;
        return new PatchPair(denoise ? corrupt : clean, denoise ? clean : corrupt, answer, foil);
    }

    /** For sweeps. */
    LogitDifference metric() {
        return new LogitDifference(answer, foil);
    }

    /** For backward passes; {@code logits} are {@code [1, 1, vocab]}, the last position. */
    NDArray difference(NDArray logits) {
        return logits.get(0, 0, answer).sub(logits.get(0, 0, foil));
    }

    /** For a run with logits of the last position. */
    double difference(RunResult run) {
        float[] logits = run.logits().toFloatArray();
        return (double) logits[answer] - logits[foil];
    }
}
