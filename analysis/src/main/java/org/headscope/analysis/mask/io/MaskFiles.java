package org.headscope.analysis.mask.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.JsonFile;

/** Reading mask files: strict JSON, whole numbers that are whole, and errors that name the file. */
final class MaskFiles {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private MaskFiles() {}

    static <T> T named(Object file, Supplier<T> reading) {
        try {
            return reading.get();
        } catch (HeadscopeException e) {
            throw new MaskFormatException("Cannot use " + file + ": " + e.getMessage(), e);
        }
    }

    static JsonNode json(Path file) {
        try {
            return JsonFile.readObject(file);
        } catch (JsonProcessingException e) {
            throw new MaskFormatException("it is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MaskFormatException("it cannot be read: " + e.getMessage(), e);
        }
    }

    static JsonNode json(String text) {
        try {
            JsonNode root = MAPPER.readTree(text);
            if (!root.isObject()) {
                throw new MaskFormatException("A JSON object is needed, got " + root.getNodeType() + ".");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new MaskFormatException("This is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    static int index(JsonNode node, String what, int limit) {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw new MaskFormatException(what + " is " + show(node) + ", not a whole number.");
        }
        return index(node.intValue(), what, limit);
    }

    static int index(int value, String what, int limit) {
        if (value < 0 || value >= limit) {
            throw new MaskFormatException(
                    what + " is " + value + ", but this model has " + limit + ", counted from 0.");
        }
        return value;
    }

    static String show(JsonNode node) {
        String text = node.isMissingNode() ? "missing" : node.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + "...";
    }
}
