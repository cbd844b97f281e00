package org.headscope.analysis.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which runs to list: those that hold every word somewhere in what was run, on what, with which parameters, or in a note.
 *
 * @param words parts of words, in any case; all must be found
 * @param modelHash fingerprint of the weights, or empty for those of any model
 */
public record RunFilter(List<String> words, String modelHash) {
    /** Every run. */
    public static final RunFilter ALL = new RunFilter(List.of(), "");

    private static final String HOLDS = " LIKE ? ESCAPE '\\'";
    private static final String WORD = " AND (analysis" + HOLDS + " OR title" + HOLDS + " OR model_path" + HOLDS
            + " OR parameters" + HOLDS + " OR message" + HOLDS
            + " OR EXISTS (SELECT 1 FROM notes WHERE notes.run_id = runs.id AND notes.deleted_at IS NULL AND notes.body"
            + HOLDS + "))";
    private static final int PLACES = 6;

    /** Copies the words. */
    public RunFilter {
        words = List.copyOf(words);
    }

    /**
     * Takes a typed line apart.
     *
     * @param line words with blanks between them
     * @param modelHash fingerprint of the weights, or empty
     * @return the filter
     */
    public static RunFilter of(String line, String modelHash) {
        return new RunFilter(
                Arrays.stream(line.strip().split("\\s+"))
                        .filter(word -> !word.isEmpty())
                        .toList(),
                modelHash);
    }

    /** Conditions behind a WHERE that has one already. */
    String sql() {
        return (modelHash.isEmpty() ? "" : " AND model_hash = ?") + WORD.repeat(words.size());
    }

    /** What its question marks stand for. */
    List<Object> arguments() {
        List<Object> arguments = new ArrayList<>();
        if (!modelHash.isEmpty()) {
            arguments.add(modelHash);
        }
        for (String word : words) {
            String pattern = "%" + word.replaceAll("([%_\\\\])", "\\\\$1") + "%";
            for (int place = 0; place < PLACES; place++) {
                arguments.add(pattern);
            }
        }
        return arguments;
    }
}
