package org.headscope.hooks;

import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.tokens.TokenizerException;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer beside a checkpoint, or why there is none. A model without one still takes token ids.
 *
 * @param tokenizer the tokenizer, or null
 * @param missing why there is none, or null
 */
record FolderTokenizer(@Nullable TextTokenizer tokenizer, @Nullable String missing) {
    static FolderTokenizer of(Path checkpoint) {
        Path folder = Files.isDirectory(checkpoint)
                ? checkpoint
                : checkpoint.toAbsolutePath().getParent();
        if (folder == null || !TextTokenizer.isIn(folder)) {
            return new FolderTokenizer(
                    null, "There is no tokenizer.json beside the weights; prompts must be token ids.");
        }
        try {
            return new FolderTokenizer(TextTokenizer.load(folder), null);
        } catch (TokenizerException e) {
            return new FolderTokenizer(null, e.getMessage());
        }
    }
}
