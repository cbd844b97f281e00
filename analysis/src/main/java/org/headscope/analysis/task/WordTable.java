package org.headscope.analysis.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * A list of words that tasks draw from, with what belongs to each in further columns.
 *
 * @param name its name, such as {@code countries}
 * @param columns the names of the columns
 * @param rows the words, {@code [row][column]}; empty where nothing belongs
 */
record WordTable(String name, List<String> columns, List<List<String>> rows) {
    static WordTable read(String name) {
        try (InputStream in = WordTable.class.getResourceAsStream(name + ".tsv")) {
            if (in == null) {
                throw new IllegalArgumentException("There is no word list '" + name + "'.");
            }
            List<List<String>> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> Arrays.asList(line.split("\t", -1)))
                    .toList();
            return new WordTable(name, lines.get(0), lines.subList(1, lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int column(String column) {
        int index = columns.indexOf(column);
        if (index < 0) {
            throw new IllegalArgumentException("Word list '" + name + "' has no column '" + column + "'.");
        }
        return index;
    }
}
