package org.headscope.analysis.spi;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Codecs of single values. */
final class ScalarCodecs {
    private ScalarCodecs() {}

    private static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException("another JSON type is needed");
        }
    }

    static final class Ints extends ParameterCodec {
        Ints() {
            super(ParameterType.INTEGER);
        }

        @Override
        Object parse(String text) {
            return Integer.valueOf(text.strip());
        }

        @Override
        Object read(JsonNode json) {
            require(json.isIntegralNumber() && json.canConvertToInt());
            return json.intValue();
        }

        @Override
        JsonNode write(Object value) {
            return JSON.numberNode((Integer) value);
        }
    }

    static final class Longs extends ParameterCodec {
        Longs() {
            super(ParameterType.INTEGER);
        }

        @Override
        Object parse(String text) {
            return Long.valueOf(text.strip());
        }

        @Override
        Object read(JsonNode json) {
            require(json.isIntegralNumber() && json.canConvertToLong());
            return json.longValue();
        }

        /** Small ones become int nodes, as a JSON parser makes them, so that trees compare equal. */
        @Override
        JsonNode write(Object value) {
            long number = (Long) value;
            return number == (int) number ? JSON.numberNode((int) number) : JSON.numberNode(number);
        }
    }

    static final class Doubles extends ParameterCodec {
        Doubles() {
            super(ParameterType.NUMBER);
        }

        /** BigDecimal refuses the spellings "NaN", "0x1p3" and "1d" that Double would take. */
        @Override
        Object parse(String text) {
            return finite(new BigDecimal(text.strip()).doubleValue());
        }

        @Override
        Object read(JsonNode json) {
            require(json.isNumber());
            return finite(json.doubleValue());
        }

        private static Double finite(double value) {
            require(Double.isFinite(value));
            return value;
        }

        @Override
        JsonNode write(Object value) {
            return JSON.numberNode((Double) value);
        }
    }

    static final class Booleans extends ParameterCodec {
        Booleans() {
            super(ParameterType.BOOLEAN);
        }

        @Override
        Object parse(String text) {
            String word = text.strip();
            require(word.equals("true") || word.equals("false"));
            return Boolean.valueOf(word);
        }

        @Override
        Object read(JsonNode json) {
            require(json.isBoolean());
            return json.booleanValue();
        }

        @Override
        JsonNode write(Object value) {
            return JSON.booleanNode((Boolean) value);
        }
    }

    static final class Texts extends ParameterCodec {
        Texts() {
            super(ParameterType.TEXT);
        }

        @Override
        Object parse(String text) {
            return text;
        }

        @Override
        Object read(JsonNode json) {
            require(json.isTextual());
            return json.textValue();
        }

        @Override
        JsonNode write(Object value) {
            return JSON.textNode((String) value);
        }
    }

    static final class Choices extends ParameterCodec {
        private final List<? extends Enum<?>> constants;

        Choices(Class<?> type) {
            super(ParameterType.CHOICE);
            this.constants = Arrays.stream(type.getEnumConstants())
                    .map(constant -> (Enum<?>) constant)
                    .toList();
        }

        @Override
        List<String> choices() {
            return constants.stream().map(Choices::word).toList();
        }

        @Override
        Object parse(String text) {
            String wanted = text.strip().replace('_', '-').toLowerCase(Locale.ROOT);
            return constants.stream()
                    .filter(constant -> word(constant).equals(wanted))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("not a choice"));
        }

        @Override
        Object read(JsonNode json) {
            require(json.isTextual());
            return parse(json.textValue());
        }

        @Override
        JsonNode write(Object value) {
            return JSON.textNode(print(value));
        }

        @Override
        String print(Object value) {
            return word((Enum<?>) value);
        }

        private static String word(Enum<?> constant) {
            return constant.name().replace('_', '-').toLowerCase(Locale.ROOT);
        }
    }

    /** Words that a registry knows; they are texts in the record. */
    static final class Named extends ParameterCodec {
        private final List<String> names;

        Named(List<String> names) {
            super(ParameterType.CHOICE);
            this.names = List.copyOf(names);
        }

        @Override
        List<String> choices() {
            return names;
        }

        @Override
        Object parse(String text) {
            String name = text.strip();
            require(names.contains(name));
            return name;
        }

        @Override
        Object read(JsonNode json) {
            require(json.isTextual());
            return parse(json.textValue());
        }

        @Override
        JsonNode write(Object value) {
            return JSON.textNode((String) value);
        }
    }
}
