package org.headscope.app.report;

import java.util.List;
import org.headscope.app.text.Markup;

/** HTML as it is written: every text is escaped on its way in. */
final class Html {
    private final StringBuilder html = new StringBuilder();

    /** Markup that is known to be right. */
    Html raw(String markup) {
        html.append(markup);
        return this;
    }

    Html open(String tag) {
        return raw("<" + tag + ">");
    }

    Html close(String tag) {
        return raw("</" + tag + ">\n");
    }

    Html text(String text) {
        html.append(Markup.escape(text));
        return this;
    }

    /** An element that holds a text. */
    Html element(String tag, String text) {
        int end = tag.indexOf(' ');
        return open(tag).text(text).close(end < 0 ? tag : tag.substring(0, end));
    }

    /** A name and what it stands for; nothing where there is nothing to say. */
    Html entry(String name, String value) {
        return value.isBlank() ? this : element("dt", name).element("dd", value);
    }

    /** A table; numbers are told by their class, so that they stand flush right. */
    Html table(List<String> head, List<List<Object>> rows) {
        open("div class=\"scroll\"").open("table").open("thead").open("tr");
        head.forEach(name -> element("th", name));
        close("tr").close("thead").open("tbody");
        for (List<Object> row : rows) {
            open("tr");
            for (Object entry : row) {
                element(entry instanceof Number ? "td class=\"n\"" : "td", shown(entry));
            }
            close("tr");
        }
        return close("tbody").close("table").close("div");
    }

    /** Seven digits, which is what float32 has. */
    private static String shown(Object entry) {
        if (entry instanceof Double number) {
            return number.isNaN() ? "–" : Float.toString(number.floatValue());
        }
        return entry.toString();
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
