package org.headscope.hooks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.tokens.TokenizerException;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer beside a checkpoint, or why there is none. A model without one still takes token ids.
 *
 * @param tokenizer the tokenizer, or null
 * @param missing why there is none, or null
 * @param broken whether there is a file that cannot be used
 */
record FolderTokenizer(@Nullable TextTokenizer tokenizer, @Nullable String missing, boolean broken) {
    /** Not looked for yet. */
    static final FolderTokenizer NONE = new FolderTokenizer(null, null, false);

    static FolderTokenizer of(Path checkpoint) {
        Path folder = Files.isDirectory(checkpoint)
                ? checkpoint
                : checkpoint.toAbsolutePath().getParent();
        if (folder == null || !TextTokenizer.isIn(folder)) {
            return new FolderTokenizer(
                    null, "There is no tokenizer.json beside the weights; prompts must be token ids.", false);
        }
        try {
            return new FolderTokenizer(TextTokenizer.load(folder), null, false);
        } catch (TokenizerException e) {
            return new FolderTokenizer(null, e.getMessage(), true);
        }
    }

    /** What is odd about it, in full sentences. */
    List<String> warnings(Dims dims) {
        if (broken) {
            return List.of("The tokenizer cannot be used: " + missing);
        }
        if (tokenizer != null && tokenizer.vocabSize() > dims.vocab()) {
            return List.of("The tokenizer knows " + tokenizer.vocabSize() + " tokens but the model only " + dims.vocab()
                    + ": texts with the others cannot be run. Check that they belong together.");
        }
        return List.of();
    }

    void close() {
        if (tokenizer != null) {
            tokenizer.close();
        }
    }
}
