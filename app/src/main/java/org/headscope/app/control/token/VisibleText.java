package org.headscope.app.control.token;

/** Makes the invisible parts of a token visible: its spaces, line ends and control characters. */
public final class VisibleText {
    private static final int LONGEST = 24;
    private static final int CONTROL_PICTURES = 0x2400;
    private static final int DELETE = 0x7f;

    private VisibleText() {}

    /**
     * Shows a token.
     *
     * @param token its text as the tokenizer gives it
     * @return the same with {@code ·} for spaces, {@code ↵} for line ends, {@code ⇥} for tabs, {@code ␛} and the like for
     *     control characters, {@code ∅} for an empty token; very long ones are cut in the middle
     */
    public static String of(String token) {
        if (token.isEmpty()) {
            return "∅";
        }
        StringBuilder shown = new StringBuilder();
        token.codePoints().forEach(point -> shown.appendCodePoint(visible(point)));
        int length = shown.codePointCount(0, shown.length());
        return length <= LONGEST ? shown.toString() : cut(shown, length);
    }

    private static int visible(int point) {
        return switch (point) {
            case ' ' -> '·';
            case '\u00a0' -> '⍽';
            case '\n' -> '↵';
            case '\r' -> '␍';
            case '\t' -> '⇥';
            case DELETE -> '␡';
            default -> point < ' ' ? CONTROL_PICTURES + point : point;
        };
    }

    private static String cut(StringBuilder shown, int length) {
        int half = LONGEST / 2;
        return shown.substring(0, shown.offsetByCodePoints(0, half))
                + "…"
                + shown.substring(shown.offsetByCodePoints(0, length - half + 1));
    }
}
