package org.headscope.app.text;

/** Text on its way into XML or HTML, as content or inside a quoted attribute. */
public final class Markup {
    private static final int REPLACEMENT = 0xfffd;

    private Markup() {}

    /**
     * Escapes what would be read as markup, and replaces what XML cannot hold: control characters, lone surrogates.
     *
     * @param text any text
     * @return the same for a reader
     */
    public static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(allowed(point) ? point : REPLACEMENT);
            }
        });
        return escaped.toString();
    }

    private static boolean allowed(int point) {
        return point == '\n'
                || point == '\t'
                || point >= ' ' && point < 0x7f
                || point > 0x9f && point < 0xd800
                || point >= 0xe000 && point < 0xfffe
                || point >= 0x10000;
    }
}
