package org.headscope.hooks.identity;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.Reference;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.EmbedSpec.Positions;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomFamily;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.Acts;

/** A model that an identity is checked on: a random one, which is always there, or a checkpoint of the reference. */
record Subject(String name, HookedTransformer model) implements AutoCloseable {
    /** Far above the rounding of single precision in these models, far below what a wrong head or norm does. */
    static final double TOLERANCE = 1e-4;

    static final int LENGTH = 12;

    private static final String RANDOM = "random ";
    private static final String TINY = "tiny ";
    private static final int SEED = 5;
    /** Ids below stand for padding and the like in some families. */
    private static final int FIRST_WORD = 5;

    private static final String DECODERS = "gpt2 gpt2_crfm gpt_neo gpt_neox gpt_neox_seq gptj opt opt_postnorm bloom"
            + " falcon falcon_new falcon_rw llama llama3_rope mistral qwen2 qwen3 gemma2 gemma3 phi phi3 olmo2 stablelm"
            + " starcoder2";
    private static final String ENCODERS = "bert roberta distilbert";

    static Stream<String> all() {
        return Stream.concat(decoders(), Arrays.stream(ENCODERS.split(" ")).map(TINY::concat));
    }

    static Stream<String> decoders() {
        return Stream.concat(
                Stream.of(RandomFamily.values()).map(family -> RANDOM + family.label()),
                Arrays.stream(DECODERS.split(" ")).map(TINY::concat));
    }

    static Subject open(String name) {
        if (name.startsWith(TINY)) {
            return new Subject(name, ModelLoader.load(Reference.require("tiny/" + name.substring(TINY.length()))));
        }
        RandomFamily family = Stream.of(RandomFamily.values())
                .filter(one -> name.equals(RANDOM + one.label()))
                .findFirst()
                .orElseThrow();
        return new Subject(name, family.create(SEED));
    }

    int layers() {
        return model.config().dims().layers();
    }

    boolean postNorm() {
        return model.config().block().arrangement() == Arrangement.POST_NORM;
    }

    boolean learnedPositions() {
        return model.config().embed().positions() != Positions.IN_ATTENTION;
    }

    /** Two prompts of random words. */
    TokenBatch prompts(int seed) {
        return prompts(seed, 2);
    }

    TokenBatch prompts(int seed, int size) {
        Random random = new Random(seed);
        int vocab = model.config().dims().vocab();
        return TokenBatch.of(IntStream.range(0, size)
                .mapToObj(b -> random.ints(LENGTH, FIRST_WORD, vocab).toArray())
                .toArray(int[][]::new));
    }

    RunResult run(TokenBatch tokens, List<HookSite> sites) {
        return Acts.run(model, tokens, List.of(), sites.toArray(HookSite[]::new));
    }

    Acts at(SiteKind kind, int layer, TokenBatch tokens) {
        return Acts.at(HookSite.of(kind, layer), model, tokens);
    }

    /** The stream that leaves a block, as the next one reads it. */
    HookSite blockEnd(int layer) {
        return HookSite.of(postNorm() ? SiteKind.NORMALIZED_RESID_POST : SiteKind.RESID_POST, layer);
    }

    @Override
    public void close() {
        model.close();
    }
}
