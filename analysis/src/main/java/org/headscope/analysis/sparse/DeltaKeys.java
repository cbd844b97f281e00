package org.headscope.analysis.sparse;

import org.headscope.hooks.config.Dims;

/**
 * Keys of one layer as they are when small changes from one key to the next are left out: a component keeps its last value
 * until it has moved by the threshold. So no component is ever further than the threshold from its true value.
 *
 * @param kept the keys {@code [pos * kv_head * d_head]}
 * @param zeros components that kept their value, {@code [pos * kv_head]}
 */
@SuppressWarnings("ArrayRecordComponent") // private to this package, never compared
record DeltaKeys(float[] kept, int[] zeros) {
    /** The first key is kept whole; {@code keys} stay as they are. */
    static DeltaKeys of(float[] keys, Dims dims, double theta) {
        int row = dims.kvHeads() * dims.dHead();
        float[] kept = keys.clone();
        int[] zeros = new int[keys.length / dims.dHead()];
        for (int i = row; i < keys.length; i++) {
            double delta = (double) keys[i] - kept[i - row];
            if (Math.abs(delta) < theta) {
                kept[i] = kept[i - row];
                zeros[i / dims.dHead()]++;
            }
        }
        return new DeltaKeys(kept, zeros);
    }

    /** Share of components left out, of all keys but the first: {@code [kv_head]}. */
    double[] sparsity(Dims dims) {
        double[] shares = new double[dims.kvHeads()];
        int length = zeros.length / dims.kvHeads();
        for (int i = dims.kvHeads(); i < zeros.length; i++) {
            shares[i % dims.kvHeads()] += zeros[i] / (double) (dims.dHead() * Math.max(1, length - 1));
        }
        return shares;
    }

    /** Share of all products of queries and keys that need not be computed: those left out, outside the window. */
    double saved(Dims dims, int window) {
        int length = zeros.length / dims.kvHeads();
        double saved = 0;
        for (int key = 1; key < length; key++) {
            int queries = Math.max(0, length - key - window);
            for (int head = 0; head < dims.kvHeads(); head++) {
                saved += (double) queries * zeros[key * dims.kvHeads() + head];
            }
        }
        return saved / ((double) dims.dHead() * dims.kvHeads() * length * (length + 1.0) / 2);
    }
}
