package org.headscope.analysis.spi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.List;
import java.util.stream.Collectors;
import org.headscope.hooks.HeadscopeException;

/** Codecs of lists and prompts. */
final class ListCodecs {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private ListCodecs() {}

    private static List<Integer> integers(JsonNode json) {
        return ParameterCodec.entries(json).stream()
                .map(entry -> (Integer) new ScalarCodecs.Ints().read(entry))
                .toList();
    }

    private static ArrayNode integersNode(List<?> values) {
        ArrayNode array = ParameterCodec.JSON.arrayNode();
        values.forEach(value -> array.add((Integer) value));
        return array;
    }

    static final class Integers extends ParameterCodec {
        Integers() {
            super(ParameterType.INTEGERS);
        }

        @Override
        Object parse(String text) {
            return split(text.strip()).stream()
                    .map(part -> Integer.valueOf(part.strip()))
                    .toList();
        }

        @Override
        Object read(JsonNode json) {
            return integers(json);
        }

        @Override
        JsonNode write(Object value) {
            return integersNode((List<?>) value);
        }

        @Override
        String print(Object value) {
            return ((List<?>) value).stream().map(String::valueOf).collect(Collectors.joining(","));
        }

        @Override
        List<Number> numbers(Object value) {
            return ((List<?>) value).stream().map(Number.class::cast).toList();
        }
    }

    static final class Strings extends ParameterCodec {
        Strings() {
            super(ParameterType.TEXTS);
        }

        @Override
        Object parse(String text) {
            if (!text.startsWith("[")) {
                return split(text);
            }
            try {
                return read(MAPPER.readTree(text));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        }

        @Override
        Object read(JsonNode json) {
            return entries(json).stream()
                    .map(entry -> (String) new ScalarCodecs.Texts().read(entry))
                    .toList();
        }

        @Override
        JsonNode write(Object value) {
            ArrayNode array = JSON.arrayNode();
            ((List<?>) value).forEach(entry -> array.add((String) entry));
            return array;
        }

        @Override
        String print(Object value) {
            return write(value).toString();
        }
    }

    static final class Prompts extends ParameterCodec {
        Prompts() {
            super(ParameterType.PROMPT);
        }

        @Override
        Object parse(String text) {
            try {
                return Prompt.parse(text);
            } catch (HeadscopeException e) {
                throw new IllegalArgumentException(e);
            }
        }

        @Override
        Object read(JsonNode json) {
            return json.isArray()
                    ? new Prompt.Ids(integers(json))
                    : new Prompt.Text((String) new ScalarCodecs.Texts().read(json));
        }

        @Override
        JsonNode write(Object value) {
            return value instanceof Prompt.Ids given
                    ? integersNode(given.ids())
                    : JSON.textNode(((Prompt.Text) value).text());
        }

        @Override
        String print(Object value) {
            return ((Prompt) value).line();
        }
    }
}
