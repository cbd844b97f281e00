package org.headscope.analysis.result;

import java.util.List;

/**
 * One axis of a {@link Grid}.
 *
 * @param name what is counted along it, in the field's word: {@code layer}, {@code head}, {@code position}, ...
 * @param size how many entries it has
 * @param labels one label per entry (for positions: the token strings), or empty when the index says it all
 */
public record Axis(String name, int size, List<String> labels) {
    /** Name of the axis that counts blocks. */
    public static final String LAYER = "layer";
    /** Name of the axis that counts query heads. */
    public static final String HEAD = "head";
    /** Name of the axis that counts key-value heads, which are fewer than heads under grouped-query attention. */
    public static final String KV_HEAD = "kv_head";
    /** Name of the axis that counts token positions. */
    public static final String POSITION = "position";
    /** Name of the axis of positions that attend. */
    public static final String QUERY = "query";
    /** Name of the axis of positions that are attended to. */
    public static final String KEY = "key";
    /** Name of the axis of heads that write. */
    public static final String SENDER = "sender";
    /** Name of the axis of later heads that read. */
    public static final String RECEIVER = "receiver";
    /** Name of the axis that tells several series of one panel apart. */
    public static final String SERIES = "series";

    /** Checks that the size is not negative and that labels are absent or complete. */
    public Axis {
        labels = List.copyOf(labels);
        if (name.isBlank() || size < 0) {
            throw new InvalidPanelException("Axis '" + name + "' of size " + size + ": give a name and a size >= 0.");
        }
        if (!labels.isEmpty() && labels.size() != size) {
            throw new InvalidPanelException("Axis '" + name + "' has " + size + " entries but " + labels.size()
                    + " labels: give one label per entry or none.");
        }
    }

    /**
     * An axis whose entries are known by their index alone.
     *
     * @param name what is counted
     * @param size how many entries
     * @return the axis
     */
    public static Axis of(String name, int size) {
        return new Axis(name, size, List.of());
    }

    /**
     * An axis with a label per entry.
     *
     * @param name what is counted
     * @param labels the label of each entry
     * @return the axis
     */
    public static Axis labelled(String name, List<String> labels) {
        return new Axis(name, labels.size(), labels);
    }

    /**
     * @param size number of blocks
     * @return a layer axis
     */
    public static Axis layers(int size) {
        return of(LAYER, size);
    }

    /**
     * @param size number of query heads per layer
     * @return a head axis
     */
    public static Axis heads(int size) {
        return of(HEAD, size);
    }

    /**
     * @param size number of key-value heads per layer
     * @return a key-value head axis
     */
    public static Axis kvHeads(int size) {
        return of(KV_HEAD, size);
    }

    /**
     * @param tokens the token string at each position
     * @return a position axis
     */
    public static Axis positions(List<String> tokens) {
        return labelled(POSITION, tokens);
    }

    /**
     * The text to show for an entry.
     *
     * @param index which entry
     * @return its label, or its index when there are no labels
     */
    public String label(int index) {
        return labels.isEmpty() ? Integer.toString(index) : labels.get(index);
    }
}
