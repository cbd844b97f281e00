package org.headscope.hooks.tokens;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What we read from a tokenizer.json ourselves: the vocabulary, and enough of the rest to know that the native library
 * will not stop the process over it. That library ends in an abort, not in an exception, on text that is not JSON and on
 * templates that name unknown tokens.
 */
final class TokenizerFile {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();
    private static final int MAX_ID = 1 << 24;

    private final JsonNode root;
    private final Map<Integer, String> tokens = new HashMap<>();
    private final Map<String, Integer> ids = new HashMap<>();
    private final Set<Integer> added = new HashSet<>();

    private TokenizerFile(JsonNode root) throws IOException {
        this.root = root;
        if (!root.path("model").isObject()) {
            throw new IOException("it has no model");
        }
        readVocabulary(root.path("model").path("vocab"));
        for (JsonNode token : root.path("added_tokens")) {
            put(token.path("content").asText(), token.path("id"));
            added.add(token.path("id").asInt());
        }
        checkTemplates(root.path("post_processor"));
    }

    static TokenizerFile read(Path file) throws IOException {
        try (JsonParser plain = MAPPER.createParser(file.toFile());
                JsonParser json = new FilteringParserDelegate(
                        plain, new WithoutMerges(), TokenFilter.Inclusion.INCLUDE_ALL_AND_PATH, true)) {
            JsonNode root = MAPPER.readTree(json);
            if (root == null || !root.isObject()) {
                throw new IOException("it does not hold a JSON object");
            }
            if (plain.nextToken() != null) {
                throw new IOException("something follows its JSON object");
            }
            return new TokenizerFile(root);
        }
    }

    /** {@return tokens as the file spells them, by id} */
    Map<Integer, String> tokens() {
        return tokens;
    }

    /** {@return whether the token was added to the vocabulary as it is, outside its spelling} */
    boolean isAdded(int id) {
        return added.contains(id);
    }

    OptionalInt idOf(String token) {
        Integer id = ids.get(token);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    /** {@return the id that stands for what the vocabulary cannot spell} */
    OptionalInt unknownId() {
        JsonNode model = root.path("model");
        if (model.path("unk_id").isInt()) {
            return OptionalInt.of(model.path("unk_id").asInt());
        }
        JsonNode token = model.path("unk_token");
        return token.isTextual() ? idOf(token.asText()) : OptionalInt.empty();
    }

    TokenText text() {
        return TokenText.of(root.path("decoder"));
    }

    /** An object of ids by token, or for Unigram a list of [token, score] whose ids are their places. */
    private void readVocabulary(JsonNode vocabulary) throws IOException {
        if (vocabulary.isObject()) {
            for (Map.Entry<String, JsonNode> entry : vocabulary.properties()) {
                put(entry.getKey(), entry.getValue());
            }
            return;
        }
        for (int id = 0; id < vocabulary.size(); id++) {
            put(vocabulary.path(id).path(0).asText(), MAPPER.getNodeFactory().numberNode(id));
        }
    }

    private void put(String token, JsonNode id) throws IOException {
        if (!id.isInt() || id.asInt() < 0 || id.asInt() > MAX_ID) {
            throw new IOException("its token '" + token + "' has the id " + id);
        }
        tokens.put(id.asInt(), token);
        ids.put(token, id.asInt());
    }

    private static void checkTemplates(JsonNode processor) throws IOException {
        for (JsonNode step : processor.path("processors")) {
            checkTemplates(step);
        }
        if (processor.path("type").asText().equals("TemplateProcessing")) {
            JsonNode known = processor.path("special_tokens");
            for (JsonNode piece : processor.path("single")) {
                checkPiece(piece, known);
            }
            for (JsonNode piece : processor.path("pair")) {
                checkPiece(piece, known);
            }
        }
    }

    private static void checkPiece(JsonNode piece, JsonNode known) throws IOException {
        JsonNode special = piece.path("SpecialToken");
        if (special.isObject() && !known.has(special.path("id").asText())) {
            throw new IOException("its template names the token " + special.path("id") + ", which it does not define");
        }
    }

    /** Merge rules are most of the file and of no use here. */
    private static final class WithoutMerges extends TokenFilter {
        @Override
        public TokenFilter includeProperty(String name) {
            return name.equals("model") ? new Model() : TokenFilter.INCLUDE_ALL;
        }

        private static final class Model extends TokenFilter {
            @Override
            @SuppressWarnings("NullAway") // null is how a filter says that a property is left out
            public TokenFilter includeProperty(String name) {
                return name.equals("merges") ? null : TokenFilter.INCLUDE_ALL;
            }
        }
    }
}
