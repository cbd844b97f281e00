package org.headscope.analysis.result.io;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.AtomicFile;
import org.jspecify.annotations.Nullable;

/**
 * Results as JSON: {@code {format, version, analysis, title, parameters, model, tokens, numerics, seed, app_version,
 * timing, result: {panels: [{shape, title, quantity, axes, values, ...}]}, receipts}}. NaN is null, infinities are
 * strings; what is written reads back equal.
 */
public final class ResultJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
            .addModule(JsonNumbers.module())
            .build();

    private ResultJson() {}

    /**
     * @param result what to write
     * @return one JSON object on one line
     */
    public static String write(Result result) {
        return text(DocumentWire.of(result));
    }

    /**
     * Streams a result, for those too large to hold as text.
     *
     * @param result what to write
     * @param out where to; not closed
     * @throws IOException when writing fails
     */
    public static void write(Result result, OutputStream out) throws IOException {
        MAPPER.writeValue(out, DocumentWire.of(result));
    }

    /**
     * Writes a result file, replacing the old one only when the new one is complete.
     *
     * @param result what to write
     * @param file where to
     */
    public static void write(Result result, Path file) {
        AtomicFile.write(file, out -> write(result, out));
    }

    /**
     * @param panel what to write
     * @return the panel alone, as it stands in {@code result.panels}
     */
    public static String writePanel(Panel panel) {
        return text(PanelWire.of(panel));
    }

    /**
     * @param json what {@link #write(Result)} wrote
     * @return the result
     * @throws ResultFormatException when it is not a result this version can read
     */
    public static Result read(String json) {
        return guarded("result", () -> parse(MAPPER.createParser(json), DocumentWire.class)
                .toResult());
    }

    /**
     * @param file a result file
     * @return the result
     * @throws ResultFormatException when it cannot be read or is not a result this version can read
     */
    public static Result read(Path file) {
        return guarded(file.toString(), () -> {
            try (InputStream in = Files.newInputStream(file)) {
                return parse(MAPPER.createParser(in), DocumentWire.class).toResult();
            }
        });
    }

    /**
     * @param json what {@link #writePanel} wrote
     * @return the panel
     * @throws ResultFormatException when it is not a panel this version can read
     */
    public static Panel readPanel(String json) {
        return guarded(
                "panel", () -> parse(MAPPER.createParser(json), PanelWire.class).toPanel());
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    private static <T> T guarded(String what, Reading<T> reading) {
        try {
            return reading.read();
        } catch (IOException | HeadscopeException e) {
            throw new ResultFormatException("Cannot read " + what + ": " + reason(e), e);
        }
    }

    /** Jackson wraps what our own checks threw; the person should read our sentence, not the wrapping. */
    private static @Nullable String reason(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HeadscopeException) {
                return cause.getMessage();
            }
        }
        return failure instanceof JsonProcessingException json ? json.getOriginalMessage() : failure.toString();
    }

    private static <T> T parse(JsonParser parser, Class<T> type) throws IOException {
        try (parser) {
            T value = MAPPER.readValue(parser, type);
            if (value == null) {
                throw new ResultFormatException("The text is empty or null.");
            }
            if (parser.nextToken() != null) {
                throw new ResultFormatException("Something follows the end of the object.");
            }
            return value;
        }
    }

    private static String text(Object wire) {
        try {
            return MAPPER.writeValueAsString(wire);
        } catch (JsonProcessingException e) {
            throw new ResultFormatException("Cannot write a result as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
