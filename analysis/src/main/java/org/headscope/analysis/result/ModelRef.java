package org.headscope.analysis.result;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Which model a result belongs to.
 *
 * @param path where it was opened
 * @param hash fingerprint of its weights
 * @param config its measurements (family, layers, heads, ...) as JSON
 */
public record ModelRef(String path, String hash, ObjectNode config) {
    /** Copies the config, which is mutable. */
    public ModelRef {
        config = config.deepCopy();
    }

    /** {@return a copy of the config} */
    @Override
    public ObjectNode config() {
        return config.deepCopy();
    }
}
