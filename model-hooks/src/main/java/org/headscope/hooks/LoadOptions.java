package org.headscope.hooks;

/** How to load a model. */
public record LoadOptions() {
    /** Weights as they are on disk. */
    public static final LoadOptions RAW = new LoadOptions();
}
