package org.headscope.analysis.spi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One parameter as a form or a help page shows it.
 *
 * @param name component name in the record, such as {@code topK}
 * @param flag the same in kebab-case, without dashes in front: {@code top-k}
 * @param type what kind of value it takes
 * @param label what to call it
 * @param unit unit of its number, may be empty
 * @param min smallest number allowed, or negative infinity
 * @param max largest number allowed, or infinity
 * @param defaultText its default as typed, or null when there is none
 * @param optional whether it may be left out although it has no default
 * @param choices the words it accepts, for {@link ParameterType#CHOICE}; otherwise empty
 * @param help one sentence on what it does
 */
public record ParameterSpec(
        String name,
        String flag,
        ParameterType type,
        String label,
        String unit,
        double min,
        double max,
        @Nullable String defaultText,
        boolean optional,
        List<String> choices,
        String help) {
    /** Copies the choices. */
    public ParameterSpec {
        choices = List.copyOf(choices);
    }

    /** {@return whether a value must be given} */
    public boolean required() {
        return defaultText == null && !optional;
    }

    /** {@return the same in snake_case, as in JSON: {@code top_k}} */
    public String key() {
        return flag.replace('-', '_');
    }

    /** {@return what values are allowed, in words for an error message or a help page} */
    public String allowed() {
        return switch (type) {
            case INTEGER -> "a whole number" + range();
            case NUMBER -> "a number" + range();
            case BOOLEAN -> "true or false";
            case TEXT -> "text";
            case CHOICE -> "one of " + String.join(", ", choices);
            case INTEGERS -> "whole numbers separated by commas, each" + range();
            case TEXTS -> "texts separated by commas, or a JSON array of strings";
            case PROMPT -> "text, or token ids as ids:1,2,3";
        };
    }

    private String range() {
        boolean low = min != Double.NEGATIVE_INFINITY;
        boolean high = max != Double.POSITIVE_INFINITY;
        if (low && high) {
            return " from " + plain(min) + " to " + plain(max);
        }
        if (low) {
            return " of at least " + plain(min);
        }
        return high ? " of at most " + plain(max) : type == ParameterType.INTEGERS ? " any" : "";
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e15
                ? Long.toString((long) bound)
                : Double.toString(bound);
    }
}
