package org.headscope.analysis.circuit;

import ai.djl.ndarray.NDArray;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.weights.EmbedWeights;
import org.headscope.hooks.weights.UnembedWeights;

/**
 * {@code W_E^T W_U}, {@code [d_model, d_model]}, with the norm of the embeddings and the final norm folded in. It is summed
 * over pieces of the vocabulary once for all heads; nothing of the size of vocabulary times vocabulary is ever made.
 */
final class TokenMap {
    private static final int PIECE = 2048;

    private TokenMap() {}

    static Matrix of(HookedTransformer model) {
        EmbedWeights embed = model.weights().embed();
        UnembedWeights unembed = model.weights().unembed();
        requireDirect(model);
        NormFold fold = NormFold.of(model.config().block().norm());
        Rows sum = Rows.of(sum(embed.tokens(), unembed.unembed().weight()));
        Matrix read = fold.intoReader(sum, unembed.finalNorm());
        return fold.intoWriter(Rows.of(read), embed.norm());
    }

    /** Refuses models where something other than norms stands between tokens and residual stream. */
    static void requireDirect(HookedTransformer model) {
        EmbedWeights embed = model.weights().embed();
        UnembedWeights unembed = model.weights().unembed();
        String why = null;
        if (unembed.dense() != null) {
            why = "a dense layer with an activation stands between its residual stream and the logits";
        } else if (embed.project() != null || unembed.project() != null) {
            why = "a projection stands between its tokens and its residual stream";
        } else if (embed.tokens().getShape().get(0) != unembed.unembed().out()) {
            why = "it reads " + embed.tokens().getShape().get(0) + " tokens but writes "
                    + unembed.unembed().out();
        }
        if (why != null) {
            throw new HeadscopeException("Reading heads through the vocabulary does not apply to this "
                    + model.config().family() + " model: " + why + ". Use head-detectors or head-ablation.");
        }
    }

    private static Matrix sum(NDArray tokens, NDArray unembed) {
        int vocab = Math.toIntExact(tokens.getShape().get(0));
        int width = Math.toIntExact(tokens.getShape().get(1));
        double[] sum = new double[width * width];
        for (int from = 0; from < vocab; from += PIECE) {
            int to = Math.min(vocab, from + PIECE);
            Matrix e = Rows.of(tokens, from, to).matrix();
            Matrix u = Rows.of(unembed, from, to).matrix();
            double[] piece = Matrices.multiply(e.transpose(), u).toArray();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += piece[i];
            }
        }
        return Matrix.of(width, width, sum);
    }
}
