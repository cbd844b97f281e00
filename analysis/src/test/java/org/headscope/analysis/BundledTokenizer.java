package org.headscope.analysis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.analysis.train.Recipe;
import org.headscope.hooks.tokens.TextTokenizer;

/** The tokenizer of the bundled model as its recipe writes it; made once, because that takes seconds. */
public final class BundledTokenizer {
    private static final Path FOLDER = write();

    private BundledTokenizer() {}

    /** {@return where it lies} */
    public static Path folder() {
        return FOLDER;
    }

    /** {@return the tokenizer, to be closed} */
    public static TextTokenizer open() {
        return TextTokenizer.load(FOLDER);
    }

    private static Path write() {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "tokenizer");
            Recipe.bundled().write(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
