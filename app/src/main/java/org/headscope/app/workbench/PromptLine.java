package org.headscope.app.workbench;

import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;

/** What a person typed into a prompt field. */
public final class PromptLine {
    private PromptLine() {}

    /**
     * Reads a prompt.
     *
     * @param line text, or ids as {@code ids:1,2,3}
     * @throws HeadscopeException when the ids are no whole numbers
     */
    public static Prompt read(String line) {
        try {
            return Prompt.parse(line);
        } catch (NumberFormatException e) {
            throw new HeadscopeException(
                    "Token ids are whole numbers separated by commas, such as ids:1,5,7; \"" + line
                            + "\" is not written so. Correct it, or put text: in front if it is text.",
                    e);
        }
    }
}
