package org.headscope.analysis.sparse;

import java.util.Arrays;

/**
 * What stands for each whole chunk when a head looks for the ones to read (LongHeads, arXiv 2402.10685, and its code). Inside
 * the chunk positions count from 0 and attention looks both ways; the mean of its outputs is a query to the keys of the
 * chunk, and the keys it finds, weighted, stand for the chunk.
 */
final class ChunkKeys {
    private final LayerVectors vectors;
    private final int head;
    private final int chunk;
    private final double[][] keys;

    ChunkKeys(LayerVectors vectors, int head, int chunk) {
        this.vectors = vectors;
        this.head = head;
        this.chunk = chunk;
        this.keys = new double[vectors.length() / chunk][];
        for (int c = 0; c < keys.length; c++) {
            keys[c] = of(c);
        }
    }

    /** Scores of all whole chunks for a query: its vector without rotation times what stands for the chunk. */
    double[] scores(int position) {
        double[] query = vectors.query(head, position, -position);
        return Arrays.stream(keys).mapToDouble(key -> dot(query, key)).toArray();
    }

    private double[] of(int c) {
        int width = vectors.dims().dHead();
        double[][] k = new double[chunk][];
        double[][] v = new double[chunk][];
        for (int i = 0; i < chunk; i++) {
            k[i] = vectors.key(head, c * chunk + i, -c * chunk);
            v[i] = new Turn(null, width).moved(vectors.v(), vectors.row(head, c * chunk + i), 0);
        }
        double[] mean = new double[width];
        for (int i = 0; i < chunk; i++) {
            double[] out = attend(vectors.query(head, c * chunk + i, -c * chunk), k, v);
            for (int d = 0; d < width; d++) {
                mean[d] += out[d] / chunk;
            }
        }
        return attend(mean, k, k);
    }

    private double[] attend(double[] query, double[][] keys, double[][] values) {
        double[] weights = new double[keys.length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < keys.length; i++) {
            weights[i] = vectors.attention().scale() * dot(query, keys[i]);
            largest = Math.max(largest, weights[i]);
        }
        double sum = 0;
        for (int i = 0; i < keys.length; i++) {
            weights[i] = Math.exp(weights[i] - largest);
            sum += weights[i];
        }
        double[] out = new double[query.length];
        for (int i = 0; i < keys.length; i++) {
            for (int d = 0; d < out.length; d++) {
                out[d] += weights[i] / sum * values[i][d];
            }
        }
        return out;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
