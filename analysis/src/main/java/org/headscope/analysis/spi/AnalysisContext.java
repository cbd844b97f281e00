package org.headscope.analysis.spi;

import java.util.List;
import java.util.OptionalInt;
import org.headscope.analysis.result.PromptTokens;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.tokens.BosPolicy;

/**
 * What holds around a run.
 *
 * @param model the model
 * @param prompts turns what a person gave into tokens of this model
 * @param standing interventions that hold throughout, such as the active mask
 * @param seed for everything random
 * @param journal keeps finished parts of long sweeps
 */
public record AnalysisContext(
        HookedTransformer model, PromptEncoder prompts, List<Intervention> standing, long seed, SweepJournal journal) {
    /** Copies the interventions. */
    public AnalysisContext {
        standing = List.copyOf(standing);
    }

    /** Turns prompts into tokens and remembers which, so that they travel with the result. */
    public interface PromptEncoder {
        /**
         * Encodes a prompt.
         *
         * @param role what the prompt is for, such as {@code clean}
         * @param prompt text or ids
         * @return ids and strings
         * @throws org.headscope.hooks.HeadscopeException when text is given but the model has no tokenizer
         */
        PromptTokens encode(String role, Prompt prompt);

        /**
         * The id of an answer, which must be a single token.
         *
         * @param answer text with its leading space, or {@code ids:N}
         * @return its token id
         * @throws org.headscope.hooks.HeadscopeException naming the pieces when it is several tokens
         */
        int answer(Prompt answer);

        /**
         * How a token is shown.
         *
         * @param id a token id
         * @return its text, or the number where there is no tokenizer
         */
        String show(int id);

        /** {@return what was encoded so far} */
        List<PromptTokens> encoded();

        /** {@return whether a beginning-of-sequence token goes in front of text} */
        BosPolicy bos();

        /** {@return the id of the model's beginning-of-sequence token, empty when it has none or none is known} */
        default OptionalInt bosId() {
            return OptionalInt.empty();
        }
    }
}
