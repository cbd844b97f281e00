package org.headscope.analysis.mask;

import java.util.Comparator;

/**
 * A part of a model that can be switched off.
 *
 * @param kind what kind of part
 * @param layer its block
 * @param head its index among the query heads, or -1 for parts that are not heads
 */
public record MaskUnit(Kind kind, int layer, int head) implements Comparable<MaskUnit> {
    private static final Comparator<MaskUnit> ORDER = Comparator.comparing(MaskUnit::kind)
            .thenComparingInt(MaskUnit::layer)
            .thenComparingInt(MaskUnit::head);

    /** What can be switched off. */
    public enum Kind {
        /** One attention head, at {@code z}; b_O stays. */
        HEAD("heads"),
        /** The attention of a block with its output bias. */
        ATTENTION("attentions"),
        /** The MLP of a block with its output bias. */
        MLP("mlps"),
        /** A whole block: the residual stream passes unchanged. */
        LAYER("layers");

        private final String plural;

        Kind(String plural) {
            this.plural = plural;
        }

        /** {@return the word for several of them, as in files} */
        public String plural() {
            return plural;
        }
    }

    /** Refuses indices that no model has. */
    public MaskUnit {
        if (layer < 0 || (kind == Kind.HEAD ? head < 0 : head != -1)) {
            throw new MaskException("There is no " + kind + " at layer " + layer + ", head " + head + ".");
        }
    }

    /**
     * @param layer its block
     * @param head its index among the query heads
     * @return one head
     */
    public static MaskUnit head(int layer, int head) {
        return new MaskUnit(Kind.HEAD, layer, head);
    }

    /**
     * @param layer its block
     * @return the attention of a block
     */
    public static MaskUnit attention(int layer) {
        return new MaskUnit(Kind.ATTENTION, layer, -1);
    }

    /**
     * @param layer its block
     * @return the MLP of a block
     */
    public static MaskUnit mlp(int layer) {
        return new MaskUnit(Kind.MLP, layer, -1);
    }

    /**
     * @param layer its number
     * @return a whole block
     */
    public static MaskUnit layer(int layer) {
        return new MaskUnit(Kind.LAYER, layer, -1);
    }

    /** {@return a short name: {@code 8.6}, {@code attn 8}, {@code mlp 8}, {@code layer 8}} */
    public String label() {
        return switch (kind) {
            case HEAD -> layer + "." + head;
            case ATTENTION -> "attn " + layer;
            case MLP -> "mlp " + layer;
            case LAYER -> "layer " + layer;
        };
    }

    @Override
    public int compareTo(MaskUnit other) {
        return ORDER.compare(this, other);
    }
}
