package org.headscope.analysis.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns text and JSON into values of one Java type, and back. Whatever it cannot read makes it throw. */
abstract class ParameterCodec {
    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ParameterType type;

    ParameterCodec(ParameterType type) {
        this.type = type;
    }

    final ParameterType type() {
        return type;
    }

    /** Words accepted; empty unless the set is fixed. */
    List<String> choices() {
        return List.of();
    }

    abstract Object parse(String text);

    abstract Object read(JsonNode json);

    abstract JsonNode write(Object value);

    String print(Object value) {
        return String.valueOf(value);
    }

    /** Numbers inside a value that must lie in the declared range. */
    List<Number> numbers(Object value) {
        return value instanceof Number number ? List.of(number) : List.of();
    }

    static @Nullable ParameterCodec of(Type type) {
        if (type == int.class || type == Integer.class) {
            return new ScalarCodecs.Ints();
        }
        if (type == long.class || type == Long.class) {
            return new ScalarCodecs.Longs();
        }
        if (type == double.class || type == Double.class) {
            return new ScalarCodecs.Doubles();
        }
        if (type == boolean.class || type == Boolean.class) {
            return new ScalarCodecs.Booleans();
        }
        if (type == String.class) {
            return new ScalarCodecs.Texts();
        }
        if (type == Prompt.class) {
            return new ListCodecs.Prompts();
        }
        return type instanceof Class<?> raw && raw.isEnum() ? new ScalarCodecs.Choices(raw) : ofList(type);
    }

    private static @Nullable ParameterCodec ofList(Type type) {
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            Type entry = list.getActualTypeArguments()[0];
            if (entry == Integer.class) {
                return new ListCodecs.Integers();
            }
            if (entry == String.class) {
                return new ListCodecs.Strings();
            }
        }
        return null;
    }

    static String kebab(String camel) {
        return camel.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
    }

    /** Splits at commas; a backslash keeps the comma behind it. Blanks stay, they matter in tokens. */
    static List<String> split(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split("(?<!\\\\),", -1))
                        .map(part -> part.replace("\\,", ","))
                        .toList();
    }

    /** A single value is a list of one: a parameter that takes several now may have been stored when it took one. */
    static List<JsonNode> entries(JsonNode array) {
        if (array.isValueNode()) {
            return List.of(array);
        }
        if (!array.isArray()) {
            throw new IllegalArgumentException("not an array");
        }
        List<JsonNode> entries = new ArrayList<>();
        array.forEach(entries::add);
        return entries;
    }
}
