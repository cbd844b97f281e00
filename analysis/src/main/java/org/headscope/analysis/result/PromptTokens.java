package org.headscope.analysis.result;

import java.util.List;

/**
 * A prompt as the model saw it.
 *
 * @param role what it served as: {@code prompt}, {@code clean}, {@code corrupt}, ...
 * @param ids its token ids, {@code [pos]}
 * @param strings the text of each token, {@code [pos]}; empty when the model has no tokenizer
 * @param bosPrepended whether the first token was added by us
 */
public record PromptTokens(String role, List<Integer> ids, List<String> strings, boolean bosPrepended) {
    /** Copies the lists and checks that they are of one length. */
    public PromptTokens {
        ids = List.copyOf(ids);
        strings = List.copyOf(strings);
        if (!strings.isEmpty() && strings.size() != ids.size()) {
            throw new InvalidPanelException(
                    "Prompt '" + role + "' has " + ids.size() + " ids but " + strings.size() + " token strings.");
        }
    }
}
