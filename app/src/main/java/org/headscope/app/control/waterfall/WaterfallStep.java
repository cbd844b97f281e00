package org.headscope.app.control.waterfall;

import java.util.List;

/**
 * One step on the way to a sum.
 *
 * @param name what it is called
 * @param value what it adds
 * @param parts what it is made of, which add up to it; empty for a step that is not taken apart
 */
public record WaterfallStep(String name, double value, List<WaterfallStep> parts) {
    /** Copies the parts. */
    public WaterfallStep {
        parts = List.copyOf(parts);
    }

    /** A step that is not taken apart. */
    public static WaterfallStep of(String name, double value) {
        return new WaterfallStep(name, value, List.of());
    }

    /** A step made of parts. */
    public static WaterfallStep of(String name, List<WaterfallStep> parts) {
        return new WaterfallStep(
                name, parts.stream().mapToDouble(WaterfallStep::value).sum(), parts);
    }
}
