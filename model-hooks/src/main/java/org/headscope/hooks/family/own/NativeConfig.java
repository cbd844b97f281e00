package org.headscope.hooks.family.own;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import org.headscope.hooks.config.ConfigException;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.family.HfConfig;

/**
 * The {@code config.json} of the format: the fields of {@link ModelConfig} as they are, {@code model_type}, a format
 * number, and the names of all tensors, so that a file that lost some is noticed.
 */
final class NativeConfig {
    static final String MODEL_TYPE = "headscope";
    static final String TENSORS = "tensors";
    private static final String FORMAT_FIELD = "format";
    private static final int FORMAT = 1;

    /** Strict: a field that is left out or misspelled would silently change the model. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private NativeConfig() {}

    static ModelConfig read(JsonNode root) {
        HfConfig c = HfConfig.of(root);
        int format = c.integer(FORMAT_FIELD);
        if (format != FORMAT) {
            throw new ConfigException("config.json: format " + format
                    + " of the headscope model format is not known; this" + " version reads format " + FORMAT + ".");
        }
        ObjectNode fields = JSON.createObjectNode();
        for (RecordComponent component : ModelConfig.class.getRecordComponents()) {
            if (root.has(component.getName())) {
                fields.set(component.getName(), root.get(component.getName()));
            }
        }
        try {
            return JSON.treeToValue(fields, ModelConfig.class);
        } catch (ValueInstantiationException e) {
            throw e.getCause() instanceof ConfigException cause ? cause : unreadable(e);
        } catch (JsonProcessingException e) {
            throw unreadable(e);
        }
    }

    static String write(ModelConfig config, Collection<String> tensors) {
        ObjectNode root = JSON.createObjectNode().put("model_type", MODEL_TYPE).put(FORMAT_FIELD, FORMAT);
        root.setAll((ObjectNode) JSON.valueToTree(config));
        tensors.forEach(root.putArray(TENSORS)::add);
        try {
            return JSON.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A configuration could not be written as JSON.", e);
        }
    }

    private static ConfigException unreadable(JsonProcessingException e) {
        return new ConfigException("config.json: not a complete headscope configuration: " + e.getOriginalMessage());
    }
}
