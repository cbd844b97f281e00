package org.headscope.analysis.attribution;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * Keeps what one position attends to in a run of a single prompt: one row of attention per head, never whole patterns, and
 * the values of all tokens.
 */
final class SourceRows {
    static final String LABEL = "attention row of layer ";
    /* Attention times values is computed in float32 by the engine. */
    private static final double TOLERANCE = 1e-3;

    private final Dims dims;
    private final int position;
    private final float[][] attention;

    SourceRows(Dims dims, int position) {
        this.dims = dims;
        this.position = position;
        this.attention = new float[dims.layers()][];
    }

    /** Asks a run for its rows of attention and its values, both behind all edits. */
    void watch(RunRequest.Builder request) {
        for (int l = 0; l < dims.layers(); l++) {
            int layer = l;
            request.capture(HookSite.of(SiteKind.V, layer));
            request.hook(LABEL + layer, HookSite.of(SiteKind.PATTERN, layer), (value, point) -> {
                try (NDArray row = value.get(new NDIndex("0, :, {}, :", position))) {
                    attention[layer] = row.toFloatArray();
                }
                return null;
            });
        }
    }

    /**
     * Splits heads.
     *
     * @param cache of the run
     * @param layer the layer
     * @param perZ what each number of z is worth, {@code [head, d_head]}
     * @param z what the heads put out at the position, {@code [head * d_head]}
     * @return {@code [source position, head]}
     */
    double[][] split(ActivationCache cache, int layer, double[][] perZ, double[] z) {
        float[] values = cache.get(HookSite.of(SiteKind.V, layer)).toFloatArray();
        int keys = attention[layer].length / dims.heads();
        double[][] parts = new double[position + 1][dims.heads()];
        for (int h = 0; h < dims.heads(); h++) {
            double[] mixed = new double[dims.dHead()];
            for (int s = 0; s <= position; s++) {
                double weight = attention[layer][h * keys + s];
                int from = (s * dims.kvHeads() + h / dims.group()) * dims.dHead();
                for (int e = 0; e < dims.dHead(); e++) {
                    mixed[e] += weight * values[from + e];
                    parts[s][h] += weight * values[from + e] * perZ[h][e];
                }
            }
            if (!isSame(mixed, Arrays.copyOfRange(z, h * dims.dHead(), (h + 1) * dims.dHead()))) {
                for (double[] row : parts) {
                    row[h] = Double.NaN;
                }
            }
        }
        return parts;
    }

    private static boolean isSame(double[] mixed, double[] z) {
        double size = Arrays.stream(mixed).map(Math::abs).max().orElse(0);
        for (int e = 0; e < z.length; e++) {
            if (Math.abs(mixed[e] - z[e]) > TOLERANCE * (TOLERANCE + size)) {
                return false;
            }
        }
        return true;
    }
}
