package org.headscope.analysis.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Letters of five by seven dots. A machine without a display often has no fonts. */
final class Letters {
    /** Width of a letter in dots. */
    static final int WIDTH = 5;
    /** Height of a letter in dots. */
    static final int HEIGHT = 7;

    private static final Map<Character, int[]> ROWS = read();
    private static final int[] EMPTY = new int[HEIGHT];

    private Letters() {}

    /** Whether a letter has a dot at a place; capitals look like small letters, and what is not known like a blank. */
    static boolean dot(char letter, int x, int y) {
        int[] rows = ROWS.getOrDefault(Character.toLowerCase(letter), EMPTY);
        return (rows[y] >> (WIDTH - 1 - x) & 1) == 1;
    }

    private static Map<Character, int[]> read() {
        try (InputStream in = Letters.class.getResourceAsStream("letters.tsv")) {
            if (in == null) {
                throw new IllegalStateException("The letters of pictures are missing from this build.");
            }
            Map<Character, int[]> letters = new HashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .forEach(line -> letters.put(line.charAt(0), rows(line.substring(2))));
            return letters;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] rows(String hexadecimal) {
        String[] parts = hexadecimal.toLowerCase(Locale.ROOT).split(" ", -1);
        int[] rows = new int[HEIGHT];
        for (int y = 0; y < HEIGHT; y++) {
            rows[y] = Integer.parseInt(parts[y], 16);
        }
        return rows;
    }
}
