package org.headscope.analysis.identity;

import java.util.Arrays;
import java.util.stream.Stream;
import org.headscope.analysis.TinyReference;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.handbuilt.RandomFamily;

/** Decoders that identities are checked on: random ones, which are always there, and checkpoints of the reference. */
final class AnyModel {
    private static final String RANDOM = "random ";
    private static final String TINY = "tiny ";
    private static final String CHECKPOINTS = "gpt2 gpt2_crfm gpt_neo gpt_neox gpt_neox_seq gptj opt bloom falcon"
            + " falcon_new falcon_rw llama llama3_rope mistral qwen2 qwen3 gemma2 gemma3 phi phi3 olmo2 stablelm"
            + " starcoder2";

    private AnyModel() {}

    /** Every decoder but those of post-norm blocks, which no reading of the stream applies to. */
    static Stream<String> preNorm() {
        return Stream.concat(
                Stream.of(RandomFamily.values())
                        .filter(family -> family != RandomFamily.OPT_POSTNORM)
                        .map(family -> RANDOM + family.label()),
                Arrays.stream(CHECKPOINTS.split(" ")).map(TINY::concat));
    }

    static Stream<String> all() {
        return Stream.concat(preNorm(), Stream.of(RANDOM + RandomFamily.OPT_POSTNORM.label(), TINY + "opt_postnorm"));
    }

    static HookedTransformer open(String name) {
        return name.startsWith(TINY)
                ? ModelLoader.load(
                        TinyReference.of(name.substring(TINY.length())).folder())
                : Stream.of(RandomFamily.values())
                        .filter(family -> name.equals(RANDOM + family.label()))
                        .findFirst()
                        .orElseThrow()
                        .create(8);
    }
}
