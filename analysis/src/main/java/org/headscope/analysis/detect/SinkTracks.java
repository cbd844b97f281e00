package org.headscope.analysis.detect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.run.HookPoint;

/** Per sequence and layer: norms of block outputs, their cosines to each candidate for the primary sink, attention received. */
final class SinkTracks {
    private final int layers;
    private final int candidates;
    private final List<Track> tracks = new ArrayList<>();

    SinkTracks(int layers, int candidates) {
        this.layers = layers;
        this.candidates = candidates;
    }

    /**
     * One sequence.
     *
     * @param norms {@code [layer][pos]}
     * @param cosines {@code [candidate][layer][pos]}
     * @param meanScore sink score averaged over heads, {@code [layer][pos]}; NaN at the last position
     * @param maxScore the largest of any head
     */
    @SuppressWarnings("ArrayRecordComponent") // filled as the model runs
    record Track(double[][] norms, double[][][] cosines, double[][] meanScore, double[][] maxScore) {
        double[][] candidateNorms() {
            double[][] result = new double[cosines.length][norms.length];
            for (int c = 0; c < result.length; c++) {
                for (int l = 0; l < norms.length; l++) {
                    result[c][l] = norms[l][c];
                }
            }
            return result;
        }

        /** Sink-like tokens behind the primary sink, by position. */
        List<SinkToken> tokens(int sequence, SinkLife life, double threshold, SinkToken.Borders borders) {
            List<SinkToken> found = new ArrayList<>();
            double[][] cosine = cosines[life.position()];
            for (int t = life.position() + 1; t < norms[0].length; t++) {
                int start = -1;
                int lifetime = 0;
                for (int l = life.from(); l < life.to(); l++) {
                    if (Math.abs(cosine[l][t]) > threshold) {
                        start = start < 0 ? l : start;
                        lifetime++;
                    }
                }
                if (lifetime > 0) {
                    SinkToken.Kind kind = borders.of(lifetime, life.length(), norms.length);
                    found.add(new SinkToken(sequence, t, start, lifetime, kind));
                }
            }
            return found;
        }
    }

    Track get(int sequence) {
        return tracks.get(sequence);
    }

    int size() {
        return tracks.size();
    }

    private Track track(int sequence, int length) {
        while (tracks.size() <= sequence) {
            tracks.add(new Track(
                    new double[layers][length],
                    new double[candidates][layers][length],
                    new double[layers][length],
                    new double[layers][length]));
        }
        return tracks.get(sequence);
    }

    /** Block output {@code [batch, pos, d_model]}. */
    void stream(NDArray value, int layer, int first) {
        Shape s = value.getShape();
        int length = (int) s.get(1);
        int width = (int) s.get(2);
        float[] flat = value.toFloatArray();
        for (int b = 0; b < s.get(0); b++) {
            Track track = track(first + b, length);
            for (int t = 0; t < length; t++) {
                track.norms[layer][t] = AnatomyTally.norm(flat, (b * length + t) * width, width);
            }
            for (int c = 0; c < candidates; c++) {
                for (int t = 0; t < length; t++) {
                    track.cosines[c][layer][t] =
                            Cosine.of(flat, new int[] {(b * length + t) * width, (b * length + c) * width}, width);
                }
            }
        }
    }

    /** Attention {@code [batch, head, q_pos, k_pos]}: what later queries that see a key pay it on average. */
    void pattern(NDArray pattern, HookPoint point, int first) {
        Shape s = pattern.getShape();
        int heads = (int) s.get(1);
        int length = (int) s.get(2);
        float[] received = pattern.sum(new int[] {2}).toFloatArray();
        float[] own = diagonal(pattern, length);
        int[] seen = seen(pattern, point, length);
        for (int b = 0; b < s.get(0); b++) {
            Track track = track(first + b, length);
            for (int t = 0; t < length; t++) {
                double sum = 0;
                double max = Double.NEGATIVE_INFINITY;
                for (int h = 0; h < heads; h++) {
                    int at = (b * heads + h) * length + t;
                    double score = (received[at] - own[at]) / seen[t];
                    sum += score;
                    max = Math.max(max, score);
                }
                track.meanScore[point.site().layer()][t] = seen[t] == 0 ? Double.NaN : sum / heads;
                track.maxScore[point.site().layer()][t] = seen[t] == 0 ? Double.NaN : max;
            }
        }
    }

    /** Attention of every position to itself, {@code [batch, head, pos]} in row order. */
    private static float[] diagonal(NDArray pattern, int length) {
        NDArray eye = pattern.getManager().eye(length);
        return pattern.mul(eye).sum(new int[] {3}).toFloatArray();
    }

    /** How many later queries see each key. */
    private static int[] seen(NDArray pattern, HookPoint point, int length) {
        NDArray visible = point.context().visible();
        if (visible == null) {
            throw new IllegalStateException("a pattern without its mask");
        }
        float[] flat = Alias.of(visible, pattern.getManager()).toFloatArray();
        int[] seen = new int[length];
        for (int q = 0; q < length; q++) {
            for (int k = 0; k < q; k++) {
                seen[k] += flat[q * length + k] == 1 ? 1 : 0;
            }
        }
        return seen;
    }
}
