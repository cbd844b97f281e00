package org.headscope.hooks.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.headscope.hooks.io.JsonFile;

/** Which tokens begin, end and pad a text, from the files beside a tokenizer; the most specific file wins. */
final class SpecialIds {
    private final TokenizerFile file;
    private final List<JsonNode> byName = new ArrayList<>();
    private final List<JsonNode> byId = new ArrayList<>();

    SpecialIds(Path folder, TokenizerFile file) {
        this.file = file;
        byName.add(read(folder.resolve("tokenizer_config.json")));
        byName.add(read(folder.resolve("special_tokens_map.json")));
        byId.add(read(folder.resolve("generation_config.json")));
        byId.add(read(folder.resolve("config.json")));
    }

    /** The first that any file names, for example for {@code bos}. */
    OptionalInt find(String role) {
        return all(role).stream().mapToInt(Integer::intValue).findFirst();
    }

    /** All that any file names: a chat model may end with more than one. */
    List<Integer> all(String role) {
        List<Integer> found = new ArrayList<>();
        for (JsonNode node : byName) {
            JsonNode token = node.path(role + "_token");
            JsonNode text = token.isObject() ? token.path("content") : token;
            if (text.isTextual()) {
                file.idOf(text.asText()).ifPresent(found::add);
            }
        }
        for (JsonNode node : byId) {
            JsonNode id = node.path(role + "_token_id");
            if (id.isArray()) {
                id.forEach(each -> addKnown(each, found));
            } else {
                addKnown(id, found);
            }
        }
        return found.stream().distinct().toList();
    }

    /** {@return whether tokenizer_config.json says outright that a BOS is added, or is not} */
    Optional<Boolean> addsBos() {
        JsonNode flag = byName.get(0).path("add_bos_token");
        return flag.isBoolean() ? Optional.of(flag.asBoolean()) : Optional.empty();
    }

    private void addKnown(JsonNode id, List<Integer> found) {
        if (id.isInt() && file.tokens().containsKey(id.asInt())) {
            found.add(id.asInt());
        }
    }

    private static JsonNode read(Path path) {
        if (!Files.isRegularFile(path)) {
            return MissingNode.getInstance();
        }
        try {
            return JsonFile.readObject(path);
        } catch (IOException e) {
            throw new TokenizerException(path + " cannot be read: " + e.getMessage() + ". Fetch it again.", e);
        }
    }
}
