package org.headscope.analysis.task;

import java.util.ArrayList;
import java.util.List;

/**
 * A text to learn from, in pieces that matter differently.
 *
 * @param pieces the pieces, to be joined without anything between them
 */
public record Passage(List<Piece> pieces) {
    private static final float TEXT = 0.1f;

    /** Copies the list. */
    public Passage {
        pieces = List.copyOf(pieces);
    }

    /**
     * Part of a text.
     *
     * @param text the part, with its leading blank
     * @param weight how much the prediction of each of its tokens counts
     */
    public record Piece(String text, float weight) {}

    /** A passage that begins with plain text, most of which cannot be predicted. */
    static Passage of(String text) {
        return new Passage(List.of(new Piece(text, TEXT)));
    }

    /** A passage that begins with something that cannot be predicted at all. */
    static Passage ofNoise(String text) {
        return new Passage(List.of(new Piece(text, 0)));
    }

    /** Goes on with plain text. */
    Passage text(String text) {
        return with(text, TEXT);
    }

    /** Goes on with something that can be known from what came before. */
    Passage answer(String text) {
        return with(text, 1);
    }

    /** Goes on with something that cannot be predicted at all. */
    Passage noise(String text) {
        return with(text, 0);
    }

    private Passage with(String text, float weight) {
        List<Piece> more = new ArrayList<>(pieces);
        more.add(new Piece(text, weight));
        return new Passage(more);
    }

    /** {@return the whole text} */
    public String text() {
        StringBuilder text = new StringBuilder();
        pieces.forEach(piece -> text.append(piece.text()));
        return text.toString();
    }

    /**
     * How much a place counts.
     *
     * @param character index of a character of {@link #text()}
     * @return the weight of the piece it lies in
     */
    public float weightAt(int character) {
        int end = 0;
        for (Piece piece : pieces) {
            end += piece.text().length();
            if (character < end) {
                return piece.weight();
            }
        }
        throw new IndexOutOfBoundsException(character + " of " + end);
    }
}
