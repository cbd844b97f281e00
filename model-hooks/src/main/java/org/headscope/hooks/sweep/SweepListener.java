package org.headscope.hooks.sweep;

import java.util.List;
import org.headscope.hooks.run.Receipt;

/** Watches a sweep. Called on the thread that runs it. */
public interface SweepListener {
    /** Watches nothing and never cancels. */
    SweepListener NONE = new SweepListener() {};

    /**
     * A cell is done.
     *
     * @param cell its index in the plan
     * @param value its metric
     * @param receipts what acted in it
     */
    default void done(int cell, double value, List<Receipt> receipts) {}

    /** {@return whether to stop; asked between layers} */
    default boolean cancelled() {
        return false;
    }
}
