package org.headscope.hooks.identity;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.Acts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The residual stream is the sum of what is written to it, and attention the sum of its heads. */
@Tag("engine")
class SumIdentityTest {
    private static final String ALL = "org.headscope.hooks.identity.Subject#all";

    @ParameterizedTest
    @MethodSource(ALL)
    void headResultsPlusBiasAreTheAttentionOutputBeforeAnyNormBehindIt(String name) {
        try (Subject subject = Subject.open(name);
                RunResult run = everything(subject)) {
            for (int l = 0; l < subject.layers(); l++) {
                NDArray sum = run.cache().get(HookSite.of(SiteKind.RESULT, l)).sum(new int[] {2});
                NDArray bias = subject.model()
                        .weights()
                        .blocks()
                        .get(l)
                        .attention()
                        .o()
                        .bias();
                Acts heads = Acts.of(bias == null ? sum : sum.add(bias));

                assertThat(heads.distance(attention(run.cache(), l)))
                        .as("layer %d", l)
                        .isLessThan(Subject.TOLERANCE);
            }
        }
    }

    private static Acts attention(ActivationCache cache, int layer) {
        HookSite normalised = HookSite.of(SiteKind.LN1_POST_NORMALIZED, layer);
        return cache.has(normalised)
                ? Acts.of(cache.get(normalised).mul(cache.get(HookSite.of(SiteKind.LN1_POST_SCALE, layer))))
                : Acts.of(cache.get(HookSite.of(SiteKind.ATTN_OUT, layer)));
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void everyBlockAddsItsAttentionAndItsMlpToTheStream(String name) {
        try (Subject subject = Subject.open(name);
                RunResult run = everything(subject)) {
            for (int l = 0; l < subject.layers(); l++) {
                Acts expected = Acts.of(sum(subject, run.cache(), l));

                assertThat(expected.distance(Acts.of(run.cache().get(HookSite.of(SiteKind.RESID_POST, l)))))
                        .as("layer %d", l)
                        .isLessThan(Subject.TOLERANCE);
            }
        }
    }

    private static NDArray sum(Subject subject, ActivationCache cache, int layer) {
        NDArray pre = cache.get(HookSite.of(SiteKind.RESID_PRE, layer));
        NDArray attention = cache.get(HookSite.of(SiteKind.ATTN_OUT, layer));
        NDArray mid = pre.add(attention);
        if (subject.model().config().block().arrangement() == Arrangement.ATTN_ONLY) {
            return mid;
        }
        // A norm behind the first addition makes another stream of it; what follows is added to that.
        NDArray stream = subject.postNorm() ? cache.get(HookSite.of(SiteKind.LN1_NORMALIZED, layer)) : mid;
        return stream.add(cache.get(HookSite.of(SiteKind.MLP_OUT, layer)));
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void whatLeavesABlockEntersTheNext(String name) {
        try (Subject subject = Subject.open(name);
                RunResult run = everything(subject)) {
            for (int l = 1; l < subject.layers(); l++) {
                Acts left = Acts.of(run.cache().get(subject.blockEnd(l - 1)));
                Acts entered = Acts.of(run.cache().get(HookSite.of(SiteKind.RESID_PRE, l)));

                assertThat(left.same(entered)).as("layer %d", l).isTrue();
            }
        }
    }

    private static RunResult everything(Subject subject) {
        TokenBatch prompts = subject.prompts(1);
        return subject.run(prompts, subject.model().sites().all());
    }
}
