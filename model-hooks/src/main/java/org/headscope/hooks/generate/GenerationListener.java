package org.headscope.hooks.generate;

/** Watches a generation. Called on the thread that runs it. */
public interface GenerationListener {
    /** Watches nothing and never cancels. */
    GenerationListener NONE = new GenerationListener() {};

    /**
     * A token was chosen.
     *
     * @param step which, and what led to it
     */
    default void generated(GenerationStep step) {}

    /** {@return whether to stop; asked between blocks} */
    default boolean cancelled() {
        return false;
    }
}
