package org.headscope.hooks.config;

import org.headscope.hooks.HeadscopeException;

/** A model configuration that is missing something, contradicts itself, or asks for what is not supported. */
public class ConfigException extends HeadscopeException {
    private static final long serialVersionUID = 1L;

    /** @param message what was wrong, where, and what to do about it */
    public ConfigException(String message) {
        super(message);
    }
}
