package org.headscope.hooks.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.headscope.hooks.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of a {@code config.json}. A setting may go by several names, because families and library versions spell
 * it differently: the first name that is present and not null counts.
 */
public final class HfConfig {
    private static final int LONGEST_VALUE = 80;

    private final JsonNode node;
    private final String path;

    private HfConfig(JsonNode node, String path) {
        this.node = node;
        this.path = path;
    }

    /**
     * Wraps a parsed configuration.
     *
     * @param root the parsed file
     * @return a reader of it
     * @throws ConfigException when the file does not hold a JSON object
     */
    public static HfConfig of(JsonNode root) {
        if (!root.isObject()) {
            throw new ConfigException("config.json: expected a JSON object but found " + brief(root)
                    + ". Is this the configuration of a model?");
        }
        return new HfConfig(root, "");
    }

    /**
     * Reads a whole number that must be there.
     *
     * @param names its spellings
     * @return the number
     * @throws ConfigException when it is missing or no whole number
     */
    public int integer(String... names) {
        return optionalInteger(names).orElseThrow(() -> missing(names));
    }

    /**
     * Reads a whole number that may be absent or null.
     *
     * @param names its spellings
     * @return the number, if there is one
     * @throws ConfigException when it is no whole number
     */
    public OptionalInt optionalInteger(String... names) {
        return find(names)
                .map(hit -> {
                    // 12.0 is accepted: some converters write every number as a float
                    if (!hit.value.isNumber()
                            || !hit.value.canConvertToExactIntegral()
                            || !hit.value.canConvertToInt()) {
                        throw wrongType(hit, "a whole number");
                    }
                    return OptionalInt.of(hit.value.intValue());
                })
                .orElse(OptionalInt.empty());
    }

    /**
     * Reads a number that must be there.
     *
     * @param names its spellings
     * @return the number
     * @throws ConfigException when it is missing or no finite number
     */
    public double number(String... names) {
        return optionalNumber(names).orElseThrow(() -> missing(names));
    }

    /**
     * Reads a number that may be absent or null.
     *
     * @param names its spellings
     * @return the number, if there is one
     * @throws ConfigException when it is no finite number
     */
    public OptionalDouble optionalNumber(String... names) {
        return find(names)
                .map(hit -> {
                    if (!hit.value.isNumber() || !Double.isFinite(hit.value.doubleValue())) {
                        throw wrongType(hit, "a finite number");
                    }
                    return OptionalDouble.of(hit.value.doubleValue());
                })
                .orElse(OptionalDouble.empty());
    }

    /**
     * Reads a yes or no.
     *
     * @param fallback what counts when it is absent or null
     * @param names its spellings
     * @return the value
     * @throws ConfigException when it is neither true nor false
     */
    public boolean flag(boolean fallback, String... names) {
        return find(names)
                .map(hit -> {
                    if (!hit.value.isBoolean()) {
                        throw wrongType(hit, "true or false");
                    }
                    return hit.value.booleanValue();
                })
                .orElse(fallback);
    }

    /**
     * Reads a text that may be absent or null.
     *
     * @param names its spellings
     * @return the text, if there is one
     * @throws ConfigException when it is no text
     */
    public Optional<String> text(String... names) {
        return find(names).map(hit -> {
            if (!hit.value.isTextual()) {
                throw wrongType(hit, "a text");
            }
            return hit.value.textValue();
        });
    }

    /**
     * Reads a list of texts that may be absent or null.
     *
     * @param name its name
     * @return the list, if there is one
     * @throws ConfigException when it is something else
     */
    public Optional<List<String>> texts(String name) {
        return list(name).map(items -> {
            List<String> texts = new ArrayList<>();
            for (JsonNode item : items) {
                if (!item.isTextual()) {
                    throw wrongType(new Hit(name, item), "a list of texts");
                }
                texts.add(item.textValue());
            }
            return List.copyOf(texts);
        });
    }

    /**
     * Reads a list that may be absent or null.
     *
     * @param name its name
     * @return its items, if there is one
     * @throws ConfigException when it is no list
     */
    public Optional<List<JsonNode>> list(String name) {
        return find(name).map(hit -> {
            if (!hit.value.isArray()) {
                throw wrongType(hit, "a list");
            }
            List<JsonNode> items = new ArrayList<>();
            hit.value.forEach(items::add);
            return List.copyOf(items);
        });
    }

    /**
     * Reads a nested object that may be absent or null.
     *
     * @param names its spellings
     * @return a reader of it, if there is one
     * @throws ConfigException when it is no object
     */
    public Optional<HfConfig> object(String... names) {
        return find(names).map(hit -> {
            if (!hit.value.isObject()) {
                throw wrongType(hit, "an object");
            }
            return new HfConfig(hit.value, path + hit.name + ".");
        });
    }

    /**
     * Tells whether a setting is spelled out, be it as null.
     *
     * @param name its name
     * @return whether the file mentions it
     */
    public boolean mentions(String name) {
        return node.has(name);
    }

    /**
     * Refuses a setting that would change the arithmetic in a way that is not supported.
     *
     * @param name its name
     * @throws ConfigException when it is true
     */
    public void refuse(String name) {
        if (flag(false, name)) {
            throw new ConfigException(
                    "config.json: '" + path + name + "' is true, which is not supported yet. The model"
                            + " would be computed wrongly, so it is not opened.");
        }
    }

    private Optional<Hit> find(String... names) {
        for (String name : names) {
            @Nullable JsonNode value = node.get(name);
            if (value != null && !value.isNull()) {
                return Optional.of(new Hit(name, value));
            }
        }
        return Optional.empty();
    }

    private ConfigException missing(String... names) {
        String others = Stream.of(names).skip(1).map(name -> path + name).collect(Collectors.joining(", "));
        return new ConfigException("config.json: '" + path + names[0] + "' is missing"
                + (others.isEmpty() ? "" : " (also looked for " + others + ")")
                + ". The model cannot be built without it.");
    }

    private ConfigException wrongType(Hit hit, String expected) {
        return new ConfigException(
                "config.json: '" + path + hit.name + "' is " + brief(hit.value) + " but should be " + expected + ".");
    }

    private static String brief(JsonNode value) {
        String text = value.toString();
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "..";
    }

    private record Hit(String name, JsonNode value) {}
}
