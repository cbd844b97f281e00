package org.headscope.hooks.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** The small tokenizers among the test resources; made for this project, vocabularies of a few hundred pieces. */
final class Tokenizers {
    static final ObjectMapper JSON = new ObjectMapper();

    private Tokenizers() {}

    static Path folder(String name) {
        URL url = Objects.requireNonNull(Tokenizers.class.getResource("/tokenizers/" + name));
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static TextTokenizer load(String name) {
        return TextTokenizer.load(folder(name));
    }

    /** A copy of a tokenizer that a test may change. */
    static Path copy(String name, Path target) {
        try {
            Files.copy(folder(name).resolve("tokenizer.json"), target.resolve("tokenizer.json"));
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
