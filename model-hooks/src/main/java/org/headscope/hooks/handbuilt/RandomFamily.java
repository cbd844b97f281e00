package org.headscope.hooks.handbuilt;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Activation;
import org.headscope.hooks.config.AttentionSpec.Alibi;
import org.headscope.hooks.config.AttentionSpec.QkNorm;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.config.RopeSpec;
import org.headscope.hooks.family.RopeScaling;
import org.headscope.hooks.weights.BlockWeights.Norms;

/**
 * Small random models in the shape of every architecture family that is read: how positions enter, how heads are grouped,
 * where norms stand, how a block is arranged. What holds for every transformer can be checked on them without a checkpoint.
 */
public enum RandomFamily {
    /** LayerNorm, learned positions, biases, tied unembedding. */
    GPT2(dims -> new Draft(RandomModel.gpt2(dims))),
    /** Scores that are not scaled, and a window in every second layer. */
    GPT_NEO(dims -> new Draft(RandomModel.gpt2(dims)).layers(l -> new LayerAttention(1, window(l), null))),
    /** Parallel blocks with two norms, a part of each head rotates. */
    GPT_NEOX(dims ->
            new Draft(RandomModel.gpt2(dims)).rotary(rope(dims, 4, false)).arranged(Arrangement.PARALLEL)),
    /** Parallel blocks that share one norm, neighbouring dimensions rotate together. */
    GPTJ(
            dims -> new Draft(RandomModel.gpt2(dims))
                    .rotary(rope(dims, 4, true))
                    .arranged(Arrangement.PARALLEL),
            norms -> new Norms(norms.ln1(), norms.ln1(), null, null)),
    /** Position biases on the scores. */
    BLOOM(dims -> new Draft(RandomModel.gpt2(dims)).rotary(null).alibi(Alibi.AFTER_SCALE)),
    /** Position biases that are scaled and rounded. */
    FALCON_RW(dims -> new Draft(RandomModel.gpt2(dims)).rotary(null).alibi(Alibi.SCALED_BF16)),
    /** Parallel blocks, one key-value head for all queries. */
    FALCON(
            dims -> new Draft(RandomModel.gpt2(grouped(dims, 1)))
                    .rotary(rope(dims, dims.dHead(), false))
                    .arranged(Arrangement.PARALLEL),
            norms -> new Norms(norms.ln1(), norms.ln1(), null, null)),
    /** Norms behind each addition. */
    OPT_POSTNORM(dims -> new Draft(RandomModel.gpt2(dims)).arranged(Arrangement.POST_NORM)),
    /** RMSNorm, rotary positions, grouped heads, gated MLP. */
    LLAMA(dims -> new Draft(RandomModel.llama(grouped(dims, 2)))),
    /** The same with a sliding window. */
    MISTRAL(dims -> new Draft(RandomModel.llama(grouped(dims, 2))).windows(l -> 5)),
    /** LayerNorm with biases, grouped heads, rotary positions, plain MLP, sliding window, tied unembedding. */
    STARCODER2(dims -> new Draft(RandomModel.gpt2(grouped(dims, 2)))
            .rotary(rope(dims, dims.dHead(), false))
            .windows(l -> 9)),
    /** Queries and keys normalised per head. */
    QWEN3(dims -> new Draft(RandomModel.llama(grouped(dims, 2))).qkNorm(QkNorm.PER_HEAD)),
    /** Norms on the outputs of attention and MLP only; queries and keys normalised over all heads. */
    OLMO2(
            dims -> new Draft(RandomModel.llama(grouped(dims, 2))).qkNorm(QkNorm.FULL_WIDTH),
            norms -> new Norms(null, null, norms.ln1(), norms.ln2())),
    /** Capped scores and logits, norms before and behind, a window in every second layer, scaled embeddings. */
    GEMMA2(
            dims -> new Draft(RandomModel.llama(grouped(dims, 2)))
                    .windows(RandomFamily::window)
                    .capped(5, 8)
                    .activation(Activation.GELU_TANH),
            norms -> new Norms(norms.ln1(), norms.ln2(), norms.ln2(), norms.ln1())),
    /** No MLP, as in the models of circuit papers. */
    ATTENTION_ONLY(dims -> new Draft(RandomModel.gpt2(dims)).arranged(Arrangement.ATTN_ONLY)),
    /** No norm anywhere: logits are linear in every last write. */
    NO_NORM(dims -> new Draft(RandomModel.gpt2(dims)).norm(new NormSpec(NormSpec.Kind.NONE, 0)));

    /** Sizes of {@link #create(int)}: three layers, four heads, a width that is not heads times their width. */
    public static final Dims DIMS = new Dims(3, 4, 4, 24, 8, 32, 24, 37);

    private static final double ROPE_THETA = 10_000;
    private static final int WINDOW = 6;

    private final Function<Dims, Draft> draft;
    private final UnaryOperator<Norms> norms;

    RandomFamily(Function<Dims, Draft> draft) {
        this(draft, UnaryOperator.identity());
    }

    RandomFamily(Function<Dims, Draft> draft, UnaryOperator<Norms> norms) {
        this.draft = draft;
        this.norms = norms;
    }

    /** {@return its name as checkpoints spell it, in lower case} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Its configuration.
     *
     * @param dims sizes; the number of key-value heads is the family's own
     * @return the configuration
     */
    public ModelConfig config(Dims dims) {
        return draft.apply(dims).build(label());
    }

    /**
     * Makes a model of the usual sizes.
     *
     * @param seed the same seed gives the same weights
     * @return the model; close it
     */
    public HookedTransformer create(int seed) {
        return create(DIMS, seed);
    }

    /**
     * Makes a model.
     *
     * @param dims sizes; the number of key-value heads is the family's own
     * @param seed the same seed gives the same weights
     * @return the model; close it
     */
    public HookedTransformer create(Dims dims, int seed) {
        return RandomModel.of(config(dims), seed, norms);
    }

    private static int window(int layer) {
        return layer % 2 == 0 ? WINDOW : 0;
    }

    private static Dims grouped(Dims d, int kvHeads) {
        return new Dims(
                d.layers(),
                d.heads(),
                Math.min(kvHeads, d.heads()),
                d.dModel(),
                d.dHead(),
                d.dMlp(),
                d.context(),
                d.vocab());
    }

    private static RopeSpec rope(Dims dims, int rotated, boolean interleaved) {
        return RopeScaling.plain(
                new RopeScaling.Base(ROPE_THETA, Math.min(rotated, dims.dHead()), interleaved, dims.context()));
    }
}
