package org.headscope.hooks.tokens;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.headscope.hooks.runtime.Engines;

/** The native library, with its failures turned into ours. */
final class NativeTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer library;
    private final Path file;

    private NativeTokenizer(HuggingFaceTokenizer library, Path file) {
        this.library = library;
        this.file = file;
    }

    /** Opens a file that {@link TokenizerFile} has read before. */
    static NativeTokenizer open(Path file) throws IOException {
        Engines.forbidDownloads();
        try (InputStream in = Files.newInputStream(file)) {
            // Left alone, the library cuts long texts.
            Map<String, String> options = Map.of("truncation", "false", "padding", "false");
            return new NativeTokenizer(guarded(file, () -> newInstance(in, options)), file);
        }
    }

    Encoding encode(String text, boolean withSpecial) {
        CodePoints.requireWhole(text);
        try {
            return library.encode(text, withSpecial, false);
        } catch (RuntimeException e) {
            throw new TokenizerException(
                    "The tokenizer " + file + " cannot split this text: " + e.getMessage()
                            + ". Where there is no unknown token, every word must be in the vocabulary.",
                    e);
        }
    }

    String decode(long[] ids, boolean skipSpecial) {
        return guarded(file, () -> library.decode(ids, skipSpecial));
    }

    /**
     * What the tokenizer's own template puts in front of a text.
     *
     * @param words texts to try it with; one that can be split is enough
     */
    int[] prefix(Stream<String> words) {
        Iterator<String> left = words.iterator();
        while (true) {
            String word = left.next();
            try {
                return prefix(encode(word, false).getIds(), encode(word, true).getIds());
            } catch (TokenizerException e) {
                if (!left.hasNext()) {
                    throw e;
                }
            }
        }
    }

    private static int[] prefix(long[] bare, long[] full) {
        for (int length = 0; length + bare.length <= full.length; length++) {
            if (Arrays.equals(full, length, length + bare.length, bare, 0, bare.length)) {
                return Arrays.stream(full, 0, length).mapToInt(Math::toIntExact).toArray();
            }
        }
        return new int[0];
    }

    @Override
    public void close() {
        library.close();
    }

    private static HuggingFaceTokenizer newInstance(InputStream in, Map<String, String> options) {
        try {
            return HuggingFaceTokenizer.newInstance(in, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T guarded(Path file, Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException | LinkageError e) {
            throw new TokenizerException(
                    file + " cannot be used: " + e.getMessage() + ". Fetch the tokenizer again.", e);
        }
    }
}
