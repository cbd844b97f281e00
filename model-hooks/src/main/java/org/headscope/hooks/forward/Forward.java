package org.headscope.hooks.forward;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.ModelWeights;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of every supported family, in its parts: embed, one block after the other, unembed. It keeps no state
 * between runs except tables of sines, and may be used from several threads at once.
 */
public final class Forward {
    private final ModelConfig config;
    private final Embedding embedding;
    private final List<Block> blocks;
    private final Unembedding unembedding;
    private final Linear unembed;

    /**
     * Prepares the forward pass of a model.
     *
     * @param config its configuration
     * @param weights its weights
     * @param owner owns tables that are made once
     */
    public Forward(ModelConfig config, ModelWeights weights, NDManager owner) {
        this.config = config;
        Norms norms = new Norms(config.block().norm());
        Attention attention = new Attention(config, norms, new Rotary(owner));
        Block.Parts parts =
                new Block.Parts(norms, attention, new Mlp(config.mlp().activation()));
        this.embedding = new Embedding(config, weights.embed(), norms);
        this.unembedding = new Unembedding(config, weights.unembed(), norms);
        this.unembed = weights.unembed().unembed();
        List<Block> made = new ArrayList<>();
        for (int l = 0; l < config.dims().layers(); l++) {
            made.add(new Block(config, weights.blocks().get(l), l, parts));
        }
        this.blocks = List.copyOf(made);
    }

    /** {@return the configuration this pass follows} */
    public ModelConfig config() {
        return config;
    }

    /**
     * A scope for one run.
     *
     * @param manager owns the results
     * @param bus sees every activation
     * @param padding 1 for tokens and 0 for padding {@code [batch][pos]}, or null
     * @return the scope
     */
    public RunScope scope(NDManager manager, SiteBus bus, int @Nullable [][] padding) {
        return new RunScope(manager, bus, new Masks(manager, config.attention().causal(), padding));
    }

    /**
     * Embeds tokens.
     *
     * @param batch the tokens
     * @param first absolute position of the first token
     * @param scope the run
     * @return residual stream {@code [batch, pos, d_model]}
     */
    public NDArray embed(TokenBatch batch, int first, RunScope scope) {
        return embedding.apply(batch, first, scope);
    }

    /**
     * One block.
     *
     * @param layer its index
     * @return the block
     */
    public Block block(int layer) {
        return blocks.get(layer);
    }

    /**
     * Turns residual streams into logits.
     *
     * @param x residual stream after the last block {@code [batch, pos, d_model]}
     * @param first absolute position of row 0
     * @param scope the run
     * @return logits {@code [batch, pos, vocab]}
     */
    public NDArray unembed(NDArray x, int first, RunScope scope) {
        return unembedding.apply(x, first, unembed, scope);
    }

    /**
     * Turns residual streams into the logits of some tokens only.
     *
     * @param x residual stream after the last block {@code [batch, pos, d_model]}
     * @param first absolute position of row 0
     * @param columns what {@link #columns} made of the tokens
     * @param scope the run
     * @return logits {@code [batch, pos, tokens]}
     */
    public NDArray unembed(NDArray x, int first, Linear columns, RunScope scope) {
        return unembedding.apply(x, first, columns, scope);
    }

    /**
     * The part of the unembedding that belongs to some tokens.
     *
     * @param tokens token ids
     * @param manager owns the copy
     * @return a map to {@code tokens.length} logits
     */
    public Linear columns(int[] tokens, NDManager manager) {
        long[] rows = IntStream.of(tokens).asLongStream().toArray();
        NDArray index = manager.create(rows);
        NDArray weight = Embedding.look(unembed.weight(), index);
        NDArray bias = unembed.bias();
        return new Linear(weight, bias == null ? null : Alias.of(bias, manager).get(index));
    }

    /**
     * Everything in one go.
     *
     * @param batch the tokens
     * @param logitsFrom first position whose logits are computed
     * @param scope the run
     * @return logits {@code [batch, pos - logitsFrom, vocab]}
     */
    public NDArray logits(TokenBatch batch, int logitsFrom, RunScope scope) {
        NDArray x = embed(batch, 0, scope);
        for (int l = 0; l < blocks.size(); l++) {
            Block.Output out = blocks.get(l).run(BlockInput.whole(l, x), scope);
            out.keyValues().keys().close();
            out.keyValues().values().close();
            x.close();
            x = out.resid();
        }
        try (NDArray rows = Alias.rows(x, logitsFrom, batch.length(), scope.manager())) {
            return unembed(rows, logitsFrom, scope);
        } finally {
            x.close();
        }
    }
}
