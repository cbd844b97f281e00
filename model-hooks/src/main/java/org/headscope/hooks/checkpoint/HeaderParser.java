package org.headscope.hooks.checkpoint;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON of a safetensors header token by token, so that a hostile one costs no more memory than its tensors.
 * What it returns is well formed; whether it fits the file is {@link HeaderLayout}'s question.
 */
final class HeaderParser {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            // Tensor names are many and different: keeping them in a table for ever would only fill it.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();
    private static final int MAX_AXES = 32;

    private final JsonParser json;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private HeaderParser(JsonParser json) {
        this.json = json;
    }

    /**
     * A tensor as the header states it.
     *
     * @param name its name
     * @param dtype its number type
     * @param shape its axes
     * @param begin its first byte, from the end of the header
     * @param end the byte after its last
     */
    record Entry(String name, DType dtype, Shape shape, long begin, long end) {}

    /**
     * What a header says.
     *
     * @param metadata the strings under {@code __metadata__}
     * @param entries all tensors, in the order of the header
     */
    record Header(Map<String, String> metadata, List<Entry> entries) {}

    static Header parse(byte[] bytes) {
        // A UTF-8 reader of our own: left alone, the JSON library would also accept UTF-16 and UTF-32.
        Reader reader = new InputStreamReader(
                new ByteArrayInputStream(bytes),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        try (JsonParser json = FACTORY.createParser(reader)) {
            HeaderParser parser = new HeaderParser(json);
            parser.readAll();
            return new Header(parser.metadata, parser.entries);
        } catch (IOException e) {
            throw new CheckpointException(
                    Kind.BAD_HEADER,
                    "its header is not valid JSON: " + Text.shorten(String.valueOf(e.getMessage())),
                    e);
        }
    }

    private void readAll() throws IOException {
        require(json.nextToken() == JsonToken.START_OBJECT, "the header is not a JSON object");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            if (name.equals("__metadata__")) {
                readMetadata();
            } else {
                entries.add(readEntry(name));
            }
        }
        require(json.nextToken() == null, "something follows the header's JSON object");
    }

    private void readMetadata() throws IOException {
        require(json.currentToken() == JsonToken.START_OBJECT, "__metadata__ is not an object");
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            require(json.nextToken() == JsonToken.VALUE_STRING, "__metadata__ holds something else than strings");
            metadata.put(key, json.getText());
        }
    }

    private Entry readEntry(String name) throws IOException {
        String where = "tensor '" + Text.shorten(name) + "'";
        require(json.currentToken() == JsonToken.START_OBJECT, where + " is not described by an object");
        DType dtype = null;
        long[] shape = null;
        long[] offsets = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "dtype" -> dtype = readDType(where);
                case "shape" -> shape = readNumbers(where + ": shape");
                case "data_offsets" -> offsets = readNumbers(where + ": data_offsets");
                default -> json.skipChildren();
            }
        }
        return entry(name, where, dtype, shape, offsets);
    }

    private static Entry entry(
            String name, String where, @Nullable DType dtype, long @Nullable [] shape, long @Nullable [] offsets) {
        if (dtype == null || shape == null || offsets == null) {
            throw bad(where + " lacks dtype, shape or data_offsets");
        }
        require(offsets.length == 2 && offsets[0] <= offsets[1], where + ": data_offsets are not [begin, end]");
        return new Entry(name, dtype, new Shape(shape), offsets[0], offsets[1]);
    }

    private DType readDType(String where) throws IOException {
        require(json.currentToken() == JsonToken.VALUE_STRING, where + ": dtype is not a string");
        try {
            return DType.parse(json.getText());
        } catch (CheckpointException e) {
            throw new CheckpointException(e.kind(), where + ": " + e.getMessage(), e);
        }
    }

    private long[] readNumbers(String what) throws IOException {
        require(json.currentToken() == JsonToken.START_ARRAY, what + " is not an array");
        long[] numbers = new long[MAX_AXES];
        int count = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            require(json.currentToken() == JsonToken.VALUE_NUMBER_INT, what + " holds something else than integers");
            require(count < MAX_AXES, what + " has more than " + MAX_AXES + " entries");
            numbers[count] = json.getLongValue();
            require(numbers[count] >= 0, what + " holds a negative number");
            count++;
        }
        return Arrays.copyOf(numbers, count);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw bad(otherwise);
        }
    }

    private static CheckpointException bad(String message) {
        return new CheckpointException(Kind.BAD_HEADER, message);
    }
}
