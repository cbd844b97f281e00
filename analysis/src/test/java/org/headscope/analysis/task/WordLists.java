package org.headscope.analysis.task;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The word lists as they are on disk, read without any code of the project. */
public final class WordLists {
    /** Files and the columns that hold words. */
    private static final Map<String, List<String>> WORDS = Map.of(
            "countries", List.of("country", "capital", "language"),
            "names", List.of("name"),
            "nouns", List.of("singular", "plural"),
            "things", List.of("thing"),
            "verbs", List.of("singular", "plural"),
            "events", List.of("event"));

    private WordLists() {}

    /** {@return the rows of a list, each a map from column to word} */
    public static List<Map<String, String>> rows(String list) {
        List<Map<String, String>> rows = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(WordLists.class.getResourceAsStream(list + ".tsv")), StandardCharsets.UTF_8))) {
            String[] head = in.readLine().split("\t", -1);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] cells = line.split("\t", -1);
                Map<String, String> row = new LinkedHashMap<>();
                for (int i = 0; i < head.length; i++) {
                    row.put(head[i], cells[i]);
                }
                rows.add(row);
            }
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return one column of a list, without what is empty} */
    public static List<String> column(String list, String column) {
        return rows(list).stream()
                .map(row -> row.getOrDefault(column, ""))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    /** {@return every word of every list} */
    public static Set<String> all() {
        Set<String> words = new LinkedHashSet<>();
        WORDS.forEach((list, columns) -> columns.forEach(column -> words.addAll(column(list, column))));
        return words;
    }
}
