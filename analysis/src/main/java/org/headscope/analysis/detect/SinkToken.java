package org.headscope.analysis.detect;

/**
 * A token whose state points where that of the primary sink does.
 *
 * @param sequence which sequence
 * @param position where in it
 * @param start first such layer
 * @param lifetime number of such layers
 * @param kind what it is called
 */
record SinkToken(int sequence, int position, int start, int lifetime, Kind kind) {
    /** What a sink-like token is called, by how long it lasts. */
    enum Kind {
        PRIMARY("primary"),
        BOS_LIKE("BOS-like"),
        SECONDARY("secondary"),
        NOISE("noise");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /**
     * The borders between kinds.
     *
     * @param longShare from this share of the primary sink's life on, a token is BOS-like
     * @param shortShare up to this share of the model's layers, it is noise
     */
    record Borders(double longShare, double shortShare) {
        Kind of(int lifetime, int alive, int layers) {
            // Shares are decimal: without the margin 0.1 of 30 layers would be more than 3.
            double margin = 1e-9;
            if (lifetime >= longShare * alive - margin) {
                return Kind.BOS_LIKE;
            }
            return lifetime > shortShare * layers + margin ? Kind.SECONDARY : Kind.NOISE;
        }
    }

    boolean isSink() {
        return kind != Kind.NOISE;
    }
}
