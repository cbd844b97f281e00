package org.headscope.hooks.checkpoint;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** Words from untrusted files and shapes, made fit for messages. */
final class Text {
    private static final int MAX = 120;

    private Text() {}

    /** At most 120 characters, without control characters. */
    static String shorten(String text) {
        String cut = text.length() <= MAX ? text : text.substring(0, MAX) + "...";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    static String shape(Shape shape) {
        return Arrays.toString(shape.getShape());
    }
}
