package org.headscope.analysis.result.io;

import java.util.List;
import java.util.stream.Collectors;

/** CSV rows as RFC 4180 has them: CRLF after each, quotes only where needed and doubled inside. */
final class CsvText {
    private final StringBuilder text = new StringBuilder();

    void row(List<?> entries) {
        text.append(entries.stream().map(e -> quoted(String.valueOf(e))).collect(Collectors.joining(",")))
                .append("\r\n");
    }

    private static String quoted(String entry) {
        boolean plain = entry.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
                // Readers trim unquoted blanks, and in a token the leading blank is what matters.
                && entry.equals(entry.strip());
        return plain ? entry : '"' + entry.replace("\"", "\"\"") + '"';
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
