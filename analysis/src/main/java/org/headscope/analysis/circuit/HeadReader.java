package org.headscope.analysis.circuit;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.jspecify.annotations.Nullable;

/** Cuts the attention weights of a model into heads, each matrix with the norm it reads from or writes to folded in. */
final class HeadReader {
    private final Dims dims;
    private final NormFold fold;
    private final List<BlockWeights> blocks;

    private HeadReader(Dims dims, NormFold fold, List<BlockWeights> blocks) {
        this.dims = dims;
        this.fold = fold;
        this.blocks = blocks;
    }

    /** Refuses models whose norms cannot be folded. */
    static HeadReader of(HookedTransformer model, String analysis) {
        ModelConfig config = model.config();
        if (config.block().arrangement() == Arrangement.POST_NORM) {
            throw new HeadscopeException(analysis + " does not apply to this " + config.family()
                    + " model: its blocks normalise the residual stream after every addition, so no product of weights "
                    + "leads from one head to another or to the logits. Use activation-patch or head-ablation.");
        }
        NormFold fold = NormFold.of(config.block().norm());
        return new HeadReader(config.dims(), fold, model.weights().blocks());
    }

    /** All query heads of a layer. */
    List<HeadFactors> layer(int layer) {
        BlockWeights block = blocks.get(layer);
        Rows writes = writes(block);
        return IntStream.range(0, dims.heads())
                .mapToObj(head -> head(block, head, writes))
                .toList();
    }

    private HeadFactors head(BlockWeights block, int head, Rows writes) {
        AttentionWeights a = block.attention();
        BlockWeights.Norms norms = block.norms();
        int kvHead = head / dims.group();
        Rows q = rows(a.q().weight(), head).timesRows(gain(a.extras().qNorm(), head));
        Rows k = rows(a.k().weight(), kvHead).timesRows(gain(a.extras().kNorm(), kvHead));
        return new HeadFactors(
                fold.intoReader(q, norms.ln1()),
                fold.intoReader(k, norms.ln1()),
                fold.intoReader(rows(a.v().weight(), kvHead), norms.ln1()),
                writes.columns(head * dims.dHead(), (head + 1) * dims.dHead()).matrix());
    }

    /** {@code [d_model, heads * d_head]}. */
    private Rows writes(BlockWeights block) {
        Rows all = Rows.of(block.attention().o().weight(), 0, dims.dModel());
        return Rows.of(fold.intoWriter(all, block.norms().ln1Post()));
    }

    private Rows rows(NDArray weight, int head) {
        return Rows.of(weight, head * dims.dHead(), (head + 1) * dims.dHead());
    }

    /** The norm of queries or keys has one gain for all heads, or one for every number of every head. */
    private float @Nullable [] gain(@Nullable NDArray norm, int head) {
        if (norm == null) {
            return null;
        }
        float[] all = norm.toFloatArray();
        int from = all.length == dims.dHead() ? 0 : head * dims.dHead();
        return Arrays.copyOfRange(all, from, from + dims.dHead());
    }
}
