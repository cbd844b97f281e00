package org.headscope.hooks.io;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the JSON files that lie beside weights, strictly and within bounds. */
public final class JsonFile {
    private static final long MAX_BYTES = 256L << 20;

    /** Python writes Infinity and NaN into configurations, so these are understood. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private JsonFile() {}

    /**
     * Reads a file that holds one JSON object.
     *
     * @param file the file, at most 256 MiB
     * @return the object
     * @throws IOException when the file cannot be read, is too large, is not JSON, holds a name twice, or holds
     *     something else than an object; the message says which
     */
    public static JsonNode readObject(Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > MAX_BYTES) {
            throw new IOException("it is " + bytes + " bytes long, more than the " + MAX_BYTES + " that are read");
        }
        JsonNode node = MAPPER.readTree(Files.readAllBytes(file));
        if (!node.isObject()) {
            throw new IOException("it holds " + describe(node) + " where an object {...} is expected");
        }
        return node;
    }

    private static String describe(JsonNode node) {
        return node.isMissingNode() ? "nothing" : "a JSON " + node.getNodeType();
    }
}
