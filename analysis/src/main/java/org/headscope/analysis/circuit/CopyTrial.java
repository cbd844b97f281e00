package org.headscope.analysis.circuit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.OptionalInt;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.NormWeights;
import org.jspecify.annotations.Nullable;

/**
 * Names behind block 0, and what heads make of them.
 *
 * @param model the model
 * @param names token ids
 * @param streams residual stream behind block 0 at each name, {@code [name, d_model]}
 * @param top how near the top a name must come to count
 */
@SuppressWarnings("ArrayRecordComponent") // read, never compared
record CopyTrial(HookedTransformer model, int[] names, float[] streams, int top) {
    private static final int MOST_LOGITS = 1 << 22;

    static CopyTrial of(AnalysisContext context, int[] names, int top) {
        OptionalInt bos = context.prompts().bosId();
        int[][] prompts = new int[names.length][];
        for (int i = 0; i < names.length; i++) {
            prompts[i] = bos.isPresent() ? new int[] {bos.getAsInt(), names[i]} : new int[] {names[i]};
        }
        HookSite behind = HookSite.of(SiteKind.RESID_PRE, 1);
        TokenBatch batch = TokenBatch.of(prompts);
        try (RunResult run = context.model()
                        .run(RunRequest.of(batch).capture(behind).lastLogits().build());
                NDManager temporary = run.manager().newSubManager()) {
            int last = batch.length() - 1;
            float[] streams = Alias.rows(run.cache().get(behind), last, last + 1, temporary)
                    .toFloatArray();
            return new CopyTrial(context.model(), names, streams, top);
        }
    }

    /** Values of every key-value head of a layer, {@code [kv_head][name * d_head]}. */
    float[][] values(int layer) {
        Dims dims = model.config().dims();
        BlockWeights block = model.weights().blocks().get(layer);
        try (NDManager temporary = model.newManager()) {
            NDArray x = temporary.create(normed(block.norms().ln1()), new Shape(names.length, dims.dModel()));
            float[] flat = block.attention().v().apply(x).toFloatArray();
            float[][] values = new float[dims.kvHeads()][names.length * dims.dHead()];
            for (int i = 0; i < names.length; i++) {
                for (int kv = 0; kv < dims.kvHeads(); kv++) {
                    int from = (i * dims.kvHeads() + kv) * dims.dHead();
                    System.arraycopy(flat, from, values[kv], i * dims.dHead(), dims.dHead());
                }
            }
            return values;
        }
    }

    /** The streams through the first norm of a block, denominators and all. */
    private float[] normed(@Nullable NormWeights norm) {
        NormSpec spec = model.config().block().norm();
        if (norm == null || spec.kind() == NormSpec.Kind.NONE) {
            return streams;
        }
        NDArray weight = norm.weight();
        NDArray bias = norm.bias();
        float[] gain = weight == null ? null : weight.toFloatArray();
        float[] added = bias == null ? null : bias.toFloatArray();
        int width = model.config().dims().dModel();
        float[] normed = new float[streams.length];
        for (int row = 0; row < names.length; row++) {
            double mean = 0;
            double squares = 0;
            for (int i = row * width; i < (row + 1) * width; i++) {
                mean += spec.kind() == NormSpec.Kind.LAYER ? streams[i] / (double) width : 0;
            }
            for (int i = row * width; i < (row + 1) * width; i++) {
                squares += (streams[i] - mean) * (streams[i] - mean) / width;
            }
            double scale = Math.sqrt(squares + spec.eps());
            for (int i = 0; i < width; i++) {
                double value = (streams[row * width + i] - mean) / scale * (gain == null ? 1 : gain[i]);
                normed[row * width + i] = (float) (value + (added == null ? 0 : added[i]));
            }
        }
        return normed;
    }

    /**
     * Which names come among the first of their own logits; ties count against.
     *
     * @param values of the head, {@code [name * d_head]}
     * @param o writes, {@code [d_model, d_head]}
     * @param sign -1 turns what is written round
     * @return 1 or 0 for each name
     */
    double[] hits(float[] values, Matrix o, int sign) {
        Matrix z = Matrix.of(names.length, o.columns(), values);
        double[] written = Matrices.multiply(z, o.transpose()).toArray();
        float[] signed = new float[written.length];
        for (int i = 0; i < signed.length; i++) {
            signed[i] = (float) (sign * written[i]);
        }
        int vocab = model.config().dims().vocab();
        int width = model.config().dims().dModel();
        double[] hits = new double[names.length];
        int step = Math.max(1, MOST_LOGITS / vocab);
        for (int from = 0; from < names.length; from += step) {
            int to = Math.min(names.length, from + step);
            float[] logits = logits(Arrays.copyOfRange(signed, from * width, to * width), to - from);
            for (int i = from; i < to; i++) {
                hits[i] = isAmongFirst(logits, (i - from) * vocab, vocab, names[i]) ? 1 : 0;
            }
        }
        return hits;
    }

    private float[] logits(float[] written, int rows) {
        try (NDManager temporary = model.newManager()) {
            NDArray x = temporary.create(written, new Shape(1, rows, written.length / rows));
            var scope = model.forward().scope(temporary, SiteBus.NONE, null);
            return model.forward().unembed(x, 0, scope).toFloatArray();
        }
    }

    private boolean isAmongFirst(float[] logits, int from, int vocab, int token) {
        int notBelow = 0;
        for (int id = 0; id < vocab && notBelow < top; id++) {
            notBelow += id != token && !(logits[from + id] < logits[from + token]) ? 1 : 0;
        }
        return notBelow < top;
    }
}
