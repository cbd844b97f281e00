package org.headscope.analysis.recall;

import java.util.stream.IntStream;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.patching.EndActivations;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** What every head writes into the residual stream at the last position of many prompts: {@code z_h W_O[h]}, without b_O. */
final class HeadWrites {
    private HeadWrites() {}

    /** {@code [layer * heads + head][prompt * d_model]} for the layers up to one, that one included. */
    static float[][] of(AnalysisContext context, EndActivations ends, int lastLayer) {
        Dims dims = context.model().config().dims();
        float[][] writes = new float[(lastLayer + 1) * dims.heads()][];
        for (int l = 0; l <= lastLayer; l++) {
            float[] output = context.model()
                    .weights()
                    .blocks()
                    .get(l)
                    .attention()
                    .o()
                    .weight()
                    .toFloatArray();
            for (int h = 0; h < dims.heads(); h++) {
                Matrix z = z(ends, l, h, dims);
                writes[l * dims.heads() + h] = floats(Matrices.multiply(z, output(output, h, dims)));
            }
        }
        return writes;
    }

    private static Matrix z(EndActivations ends, int layer, int head, Dims dims) {
        HookSite site = HookSite.of(SiteKind.Z, layer);
        double[] values = new double[ends.size() * dims.dHead()];
        for (int i = 0; i < ends.size(); i++) {
            float[] row = ends.of(site, i);
            for (int e = 0; e < dims.dHead(); e++) {
                values[i * dims.dHead() + e] = row[head * dims.dHead() + e];
            }
        }
        return Matrix.of(ends.size(), dims.dHead(), values);
    }

    /** The rows of W_O that belong to a head, {@code [d_head, d_model]}; weights are stored as {@code [d_model, head * d_head]}. */
    private static Matrix output(float[] weight, int head, Dims dims) {
        int wide = dims.heads() * dims.dHead();
        double[] values = new double[dims.dHead() * dims.dModel()];
        for (int e = 0; e < dims.dHead(); e++) {
            for (int d = 0; d < dims.dModel(); d++) {
                values[e * dims.dModel() + d] = weight[d * wide + head * dims.dHead() + e];
            }
        }
        return Matrix.of(dims.dHead(), dims.dModel(), values);
    }

    /** What an MLP writes at the last position: {@code [prompt * d_model]}. */
    static float[] mlp(EndActivations ends, int layer, int width) {
        HookSite site = HookSite.of(SiteKind.MLP_OUT, layer);
        float[] all = new float[ends.size() * width];
        IntStream.range(0, ends.size()).forEach(i -> System.arraycopy(ends.of(site, i), 0, all, i * width, width));
        return all;
    }

    private static float[] floats(Matrix matrix) {
        double[] doubles = matrix.toArray();
        float[] floats = new float[doubles.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }
}
