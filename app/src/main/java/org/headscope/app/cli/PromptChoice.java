package org.headscope.app.cli;

import java.util.Arrays;
import org.headscope.analysis.spi.Prompt;
import org.jspecify.annotations.Nullable;

/** A prompt given as text or as token ids, but not as both. */
final class PromptChoice {
    private PromptChoice() {}

    static Prompt of(@Nullable String text, @Nullable String ids, CliOutput output) {
        if ((text == null) == (ids == null)) {
            throw output.wrongUse("Give the prompt either as --prompt <text> or as --ids <n,n,..>.");
        }
        if (text != null) {
            return Prompt.parse(text);
        }
        try {
            return new Prompt.Ids(Arrays.stream(String.valueOf(ids).split(",", -1))
                    .map(id -> Integer.valueOf(id.strip()))
                    .toList());
        } catch (NumberFormatException e) {
            throw output.wrongUse("--ids takes whole numbers separated by commas, not '" + ids + "'.");
        }
    }
}
