package org.headscope.analysis.spi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds the parameter record of an analysis from what a command line, a form or a stored row gives, and takes it
 * apart again. Names may be spelled {@code topK}, {@code top-k} or {@code top_k}.
 *
 * @param <P> the parameter record
 */
public final class ParameterBinder<P extends Record> {
    private final Class<P> type;
    private final Constructor<P> constructor;
    private final Map<String, Parameter> parameters;

    private ParameterBinder(Class<P> type, Constructor<P> constructor, Map<String, Parameter> parameters) {
        this.type = type;
        this.constructor = constructor;
        this.parameters = parameters;
    }

    /**
     * Reads the declaration of a parameter record.
     *
     * @param type a record class whose components carry {@link Param}
     * @return its binder
     * @param <P> the parameter record
     * @throws DeclarationException when a component is not declared as it must be
     */
    public static <P extends Record> ParameterBinder<P> of(Class<P> type) {
        RecordComponent[] components = type.getRecordComponents();
        if (components == null) {
            throw new DeclarationException(type.getName() + " is not a record class: declare parameters as a record.");
        }
        Map<String, Parameter> parameters = new LinkedHashMap<>();
        for (RecordComponent component : components) {
            if (parameters.put(canonical(component.getName()), Parameter.of(component)) != null) {
                throw new DeclarationException(type.getName() + " has two parameters spelled like "
                        + component.getName() + ": give them names that differ by more than case.");
            }
        }
        return new ParameterBinder<>(type, constructor(type, components), parameters);
    }

    private static <P> Constructor<P> constructor(Class<P> type, RecordComponent[] components) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<P> constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor;
        } catch (NoSuchMethodException e) {
            throw new DeclarationException(type.getName() + " lacks its canonical constructor.", e);
        }
    }

    private static String canonical(String name) {
        return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** {@return the parameters in the order they are declared} */
    public List<ParameterSpec> specs() {
        return parameters.values().stream().map(Parameter::spec).toList();
    }

    /**
     * {@return the record with every parameter at its default}
     *
     * @throws ParameterException when a parameter has no default
     */
    public P defaults() {
        return bind(Map.of());
    }

    /**
     * Builds the record from text, as a command line gives it.
     *
     * @param texts values by name; what is left out takes its default
     * @return the record
     * @throws ParameterException for an unknown name, an unreadable or out-of-range value, or a missing one
     */
    public P bind(Map<String, String> texts) {
        return build(texts, Parameter::parse);
    }

    /**
     * Builds the record from a JSON object, as a stored run or a file gives it.
     *
     * @param json values by name; null and absent take the default
     * @return the record
     * @throws ParameterException for an unknown name, an unreadable or out-of-range value, or a missing one
     */
    public P bind(JsonNode json) {
        if (!json.isObject()) {
            throw ParameterException.refused("parameters", json.toString(), "a JSON object");
        }
        Map<String, JsonNode> nodes = new LinkedHashMap<>();
        json.fields().forEachRemaining(field -> nodes.put(field.getKey(), field.getValue()));
        return build(nodes, Parameter::read);
    }

    private interface Reader<T> {
        @Nullable
        Object read(Parameter parameter, T source);
    }

    private <T> P build(Map<String, T> sources, Reader<T> reader) {
        Map<String, T> given = new LinkedHashMap<>();
        sources.forEach((name, source) -> {
            String key = canonical(name);
            if (!parameters.containsKey(key)) {
                throw ParameterException.unknown(name.replaceFirst("^--", ""), knownFlags());
            }
            if (given.put(key, source) != null) {
                throw ParameterException.twice(name.replaceFirst("^--", ""));
            }
        });
        return construct(parameters.entrySet().stream()
                .map(entry -> {
                    T source = given.get(entry.getKey());
                    return source == null ? entry.getValue().absent() : reader.read(entry.getValue(), source);
                })
                .toArray());
    }

    private P construct(@Nullable Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw ParameterException.together(Arrays.toString(values), cause);
        } catch (ReflectiveOperationException e) {
            throw new DeclarationException(type.getName() + " cannot be built: make it a public record.", e);
        }
    }

    private String knownFlags() {
        return specs().stream().map(spec -> "--" + spec.flag()).collect(Collectors.joining(", "));
    }

    /**
     * Writes a record as JSON; {@link #bind(JsonNode)} reads it back equal.
     *
     * @param values the record
     * @return values by snake_case name; optional ones that are null are left out
     */
    public ObjectNode toJson(P values) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        present(values, (parameter, value) -> json.set(parameter.spec().key(), parameter.write(value)));
        return json;
    }

    /**
     * Writes a record as command-line values; {@link #bind(Map)} reads it back equal.
     *
     * @param values the record
     * @return text by kebab-case flag, without dashes in front; optional ones that are null are left out
     */
    public Map<String, String> toText(P values) {
        Map<String, String> texts = new LinkedHashMap<>();
        present(values, (parameter, value) -> texts.put(parameter.spec().flag(), parameter.print(value)));
        return texts;
    }

    private void present(P values, BiConsumer<Parameter, Object> sink) {
        for (Parameter parameter : parameters.values()) {
            Object value = parameter.valueIn(values);
            if (value != null) {
                sink.accept(parameter, value);
            }
        }
    }
}
