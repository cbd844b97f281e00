package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.headscope.analysis.result.Axis;
import org.headscope.hooks.config.Dims;

/** What is measured around a sink: sizes of streams, keys and values there and elsewhere, and angles of queries to keys. */
final class AnatomyTally {
    /** Column of numbers at the sink. */
    static final int AT = 0;
    /** Column of means over the other positions. */
    static final int OTHERS = 1;

    final HeadScores stream;
    final HeadScores keys;
    final HeadScores values;
    final HeadScores keyRatio;
    final HeadScores valueRatio;
    final HeadScores cosineAt;
    final HeadScores cosineOthers;
    final HeadScores normsAt;
    final HeadScores normsOthers;

    private final Dims dims;
    private final int sink;
    private int open;
    private float[] queries = {};

    AnatomyTally(Dims dims, int sink) {
        this.dims = dims;
        this.sink = sink;
        Axis places = Axis.of(Axis.SERIES, 2);
        Axis kvHeads = Axis.kvHeads(dims.kvHeads());
        this.stream = new HeadScores(dims.layers() + 1, places);
        this.keys = new HeadScores(dims.layers(), places);
        this.values = new HeadScores(dims.layers(), places);
        this.keyRatio = new HeadScores(dims.layers(), kvHeads);
        this.valueRatio = new HeadScores(dims.layers(), kvHeads);
        this.cosineAt = new HeadScores(dims);
        this.cosineOthers = new HeadScores(dims);
        this.normsAt = new HeadScores(dims);
        this.normsOthers = new HeadScores(dims);
    }

    /** Makes room for sequences up to an index. */
    void open(int sequences) {
        for (; open < sequences; open++) {
            for (HeadScores scores : new HeadScores[] {
                stream, keys, values, keyRatio, valueRatio, cosineAt, cosineOthers, normsAt, normsOthers
            }) {
                scores.open();
            }
        }
    }

    /** Residual stream {@code [batch, pos, d_model]}; row {@code layers} is the one behind the last block. */
    void stream(NDArray value, int layer, int first) {
        Shape s = value.getShape();
        float[] flat = value.toFloatArray();
        int width = (int) s.get(2);
        int length = (int) s.get(1);
        for (int b = 0; b < s.get(0); b++) {
            double[] norms = new double[length];
            for (int t = 0; t < length; t++) {
                norms[t] = norm(flat, (b * length + t) * width, width);
            }
            stream.set(first + b, layer, AT, norms[sink]);
            stream.set(first + b, layer, OTHERS, meanWithoutSink(norms));
        }
    }

    /** Queries {@code [batch, pos, head, d_head]} of the layer whose keys come next. */
    void queries(NDArray value) {
        queries = value.toFloatArray();
    }

    /** Keys {@code [batch, pos, kv_head, d_head]}. */
    void keys(NDArray value, int layer, int first) {
        float[] flat = value.toFloatArray();
        sizes(flat, value.getShape(), keys, keyRatio, new int[] {layer, first});
        int length = (int) value.getShape().get(1);
        for (int b = 0; b < value.getShape().get(0); b++) {
            for (int h = 0; h < dims.heads(); h++) {
                angles(flat, new int[] {b, h, length}, layer, first + b);
            }
        }
    }

    /** Values {@code [batch, pos, kv_head, d_head]}. */
    void values(NDArray value, int layer, int first) {
        sizes(value.toFloatArray(), value.getShape(), values, valueRatio, new int[] {layer, first});
    }

    private void sizes(float[] flat, Shape shape, HeadScores places, HeadScores ratios, int[] layerAndFirst) {
        int length = (int) shape.get(1);
        for (int b = 0; b < shape.get(0); b++) {
            double at = 0;
            double others = 0;
            for (int h = 0; h < dims.kvHeads(); h++) {
                double[] norms = new double[length];
                for (int t = 0; t < length; t++) {
                    norms[t] = norm(flat, ((b * length + t) * dims.kvHeads() + h) * dims.dHead(), dims.dHead());
                }
                double mean = meanWithoutSink(norms);
                ratios.set(layerAndFirst[1] + b, layerAndFirst[0], h, mean == 0 ? Double.NaN : norms[sink] / mean);
                at += norms[sink] / dims.kvHeads();
                others += mean / dims.kvHeads();
            }
            places.set(layerAndFirst[1] + b, layerAndFirst[0], AT, at);
            places.set(layerAndFirst[1] + b, layerAndFirst[0], OTHERS, others);
        }
    }

    /** Queries behind the sink against the key of the sink, and against all other keys they see. */
    private void angles(float[] keys, int[] batchHeadLength, int layer, int sequence) {
        int b = batchHeadLength[0];
        int h = batchHeadLength[1];
        int length = batchHeadLength[2];
        QueryKeySums sums = new QueryKeySums(dims.dHead());
        for (int t = 0; t < length; t++) {
            int key = ((b * length + t) * dims.kvHeads() + h / dims.group()) * dims.dHead();
            sums.key(keys, key, t == sink);
            if (t > sink) {
                sums.query(queries, ((b * length + t) * dims.heads() + h) * dims.dHead());
            }
        }
        cosineAt.set(sequence, layer, h, sums.cosineAt());
        cosineOthers.set(sequence, layer, h, sums.cosineOthers());
        normsAt.set(sequence, layer, h, sums.normsAt());
        normsOthers.set(sequence, layer, h, sums.normsOthers());
    }

    private double meanWithoutSink(double[] norms) {
        double sum = 0;
        for (double norm : norms) {
            sum += norm;
        }
        return (sum - norms[sink]) / (norms.length - 1);
    }

    static double norm(float[] flat, int from, int width) {
        double squares = 0;
        for (int i = from; i < from + width; i++) {
            squares += (double) flat[i] * flat[i];
        }
        return Math.sqrt(squares);
    }
}
