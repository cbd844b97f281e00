package org.headscope.analysis.circuit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.stream.IntStream;
import org.headscope.analysis.linalg.Matrices;
import org.headscope.analysis.linalg.Matrix;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.Forward;
import org.headscope.hooks.forward.SiteBus;
import org.headscope.hooks.forward.SiteContext;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.EmbedWeights;

/**
 * What tokens put into the residual stream by themselves, without their position, piece by piece over the vocabulary.
 *
 * @param model the model
 * @param embedding with or without what the first MLP adds
 */
record TokenStreams(HookedTransformer model, Embedding embedding) {
    private static final int PIECE = 1024;

    /** What stands for a token. */
    public enum Embedding {
        /** Its embedding. */
        TOKEN,
        /** Its embedding and what the MLP of layer 0 makes of it, attention left out. */
        MLP0
    }

    TokenStreams {
        EmbedWeights embed = model.weights().embed();
        if (embed.norm() != null && embed.positions() != null) {
            throw new HeadscopeException(
                    "Tokens of this " + model.config().family() + " model have no embedding of their"
                            + " own: a norm mixes it with that of the position. Use head-svd or copying-scores.");
        }
        if (embedding == Embedding.MLP0 && !model.config().block().hasMlp()) {
            throw new HeadscopeException("This model has no MLP in layer 0. Use the embedding token.");
        }
    }

    int vocab() {
        return Math.toIntExact(model.weights().embed().tokens().getShape().get(0));
    }

    /** Streams of tokens {@code from <= id < to}, {@code [to - from, d_model]}. */
    Matrix rows(int from, int to) {
        try (NDManager temporary = model.newManager()) {
            // One prompt per token, so that each stands at position 0 and none is longer than the context.
            int[][] ids =
                    IntStream.range(from, to).mapToObj(id -> new int[] {id}).toArray(int[][]::new);
            NDArray x = embedded(TokenBatch.of(ids), temporary);
            if (embedding == Embedding.MLP0) {
                Forward forward = model.forward();
                NDArray nothing = x.zerosLike();
                x = forward.block(0).fromAttnOut(x, nothing, 0, forward.scope(temporary, SiteBus.NONE, null));
            }
            return Matrix.of(to - from, model.config().dims().dModel(), x.toFloatArray());
        }
    }

    private NDArray embedded(TokenBatch tokens, NDManager temporary) {
        NDArray[] own = new NDArray[1];
        SiteBus bus = new SiteBus() {
            @Override
            public boolean wants(SiteKind kind, int layer) {
                return kind == SiteKind.EMBED;
            }

            @Override
            public NDArray visit(SiteKind kind, int layer, NDArray value, SiteContext context) {
                own[0] = Alias.of(value, temporary);
                return value;
            }
        };
        NDArray whole = model.forward().embed(tokens, 0, model.forward().scope(temporary, bus, null));
        return model.weights().embed().positions() == null ? whole : own[0];
    }

    /** Products of one direction with the stream of every token, {@code [vocab]}. */
    double[] products(Matrix direction) {
        double[] all = new double[vocab()];
        for (int from = 0; from < all.length; from += PIECE) {
            int to = Math.min(all.length, from + PIECE);
            double[] piece =
                    Matrices.multiply(rows(from, to), direction.transpose()).toArray();
            System.arraycopy(piece, 0, all, from, piece.length);
        }
        return all;
    }
}
