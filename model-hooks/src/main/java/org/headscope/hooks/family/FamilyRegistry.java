package org.headscope.hooks.family;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.headscope.hooks.checkpoint.CheckpointException;
import org.headscope.hooks.checkpoint.CheckpointException.Kind;
import org.headscope.hooks.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * All families that can be opened, by {@code model_type}. The list itself is the service file of {@link FamilyAdapter};
 * a new family is one class and one line there.
 */
public final class FamilyRegistry {
    private final SortedMap<String, FamilyAdapter> byType = new TreeMap<>();

    /**
     * Makes a registry of some adapters.
     *
     * @param adapters the adapters
     * @throws IllegalArgumentException when two of them claim the same {@code model_type}
     */
    public FamilyRegistry(Iterable<? extends FamilyAdapter> adapters) {
        for (FamilyAdapter adapter : adapters) {
            for (String type : adapter.modelTypes()) {
                if (byType.putIfAbsent(type, adapter) != null) {
                    throw new IllegalArgumentException("Two family adapters claim model_type '" + type + "'.");
                }
            }
        }
    }

    /** {@return the registry of all families on the class path} */
    public static FamilyRegistry standard() {
        return new FamilyRegistry(ServiceLoader.load(FamilyAdapter.class, FamilyAdapter.class.getClassLoader()));
    }

    /** {@return the known {@code model_type} values, in alphabetical order} */
    public Set<String> modelTypes() {
        return Collections.unmodifiableSet(byType.keySet());
    }

    /**
     * Finds the adapter that reads a configuration.
     *
     * @param config the parsed {@code config.json}
     * @return its adapter
     * @throws ConfigException when {@code model_type} is missing
     * @throws CheckpointException of kind {@code UNKNOWN_ARCHITECTURE} when no adapter reads it
     */
    public FamilyAdapter require(JsonNode config) {
        String type = HfConfig.of(config)
                .text("model_type")
                .orElseThrow(() -> new ConfigException("config.json: 'model_type' is missing, so the architecture is"
                        + " not known. Known: " + String.join(", ", byType.keySet()) + "."));
        @Nullable FamilyAdapter adapter = byType.get(type);
        if (adapter == null) {
            throw new CheckpointException(
                    Kind.UNKNOWN_ARCHITECTURE,
                    "config.json: architecture '" + type + "' is not supported. Supported: "
                            + String.join(", ", byType.keySet()) + ".");
        }
        return adapter;
    }
}
