package org.headscope.analysis.result.io;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/**
 * How numbers that JSON has no literal for are written: NaN as null, infinities as the strings {@code "Infinity"} and
 * {@code "-Infinity"}. Plain JSON parsers of other languages read that.
 */
final class JsonNumbers {
    private static final String INFINITY = "Infinity";

    private JsonNumbers() {}

    static SimpleModule module() {
        SimpleModule module = new SimpleModule("headscope-numbers");
        module.addSerializer(Double.class, new Writer());
        module.addSerializer(Double.TYPE, new Writer());
        module.addDeserializer(Double.class, new Reader());
        module.addDeserializer(Double.TYPE, new Reader());
        module.addSerializer(NestedNumbers.class, new NestedNumbers.Writer());
        module.addDeserializer(NestedNumbers.class, new NestedNumbers.Reader());
        return module;
    }

    static void write(JsonGenerator out, double value) throws IOException {
        if (Double.isNaN(value)) {
            out.writeNull();
        } else if (Double.isInfinite(value)) {
            out.writeString(value > 0 ? INFINITY : "-" + INFINITY);
        } else {
            out.writeNumber(value);
        }
    }

    static double read(JsonParser in) throws IOException {
        JsonToken token = in.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Double.NaN;
        }
        if (token == JsonToken.VALUE_NUMBER_FLOAT || token == JsonToken.VALUE_NUMBER_INT) {
            return in.getDoubleValue();
        }
        String text = token == JsonToken.VALUE_STRING ? in.getText() : "";
        return switch (text) {
            case INFINITY -> Double.POSITIVE_INFINITY;
            case "-" + INFINITY -> Double.NEGATIVE_INFINITY;
            default ->
                throw new ResultFormatException("Expected a number, null, \"Infinity\" or \"-Infinity\" at "
                        + in.currentLocation().offsetDescription() + ", got " + token + " '" + text + "'.");
        };
    }

    private static final class Writer extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            JsonNumbers.write(out, value);
        }
    }

    private static final class Reader extends JsonDeserializer<Double> {
        @Override
        public Double deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return JsonNumbers.read(in);
        }

        @Override
        public Double getNullValue(DeserializationContext context) {
            return Double.NaN;
        }
    }
}
