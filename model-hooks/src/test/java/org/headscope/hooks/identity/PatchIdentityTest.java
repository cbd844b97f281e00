package org.headscope.hooks.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Intervention.Skip;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.Acts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Patches whose effect is known whatever the model: everything, or the same thing in another way. */
@Tag("engine")
class PatchIdentityTest {
    private static final String ALL = "org.headscope.hooks.identity.Subject#all";

    @ParameterizedTest
    @MethodSource(ALL)
    void theFirstStreamAtAllPositionsCarriesThePrompt(String name) {
        try (Subject subject = Subject.open(name)) {
            HookSite start = HookSite.of(SiteKind.RESID_PRE, 0);
            try (RunResult other = Acts.run(subject.model(), subject.prompts(5), List.of(), start)) {
                Acts patched = Acts.logits(
                        subject.model(), subject.prompts(6), new Intervention.Patch(start, Region.ALL, other.cache()));

                assertThat(patched.same(Acts.of(other.logits()))).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void theLastStreamAtTheLastPositionCarriesTheAnswer(String name) {
        try (Subject subject = Subject.open(name)) {
            HookSite end = subject.blockEnd(subject.layers() - 1);
            int last = Subject.LENGTH - 1;
            try (RunResult other = Acts.run(subject.model(), subject.prompts(5), List.of(), end)) {
                Acts patched = Acts.logits(
                        subject.model(),
                        subject.prompts(6),
                        new Intervention.Patch(end, Region.position(last), other.cache()));

                Acts there = Acts.of(other.logits());
                assertThat(row(patched, last).distance(row(there, last))).isLessThan(1e-5);
                assertThat(row(patched, last - 1).distance(row(there, last - 1)))
                        .isGreaterThan(1e-2);
            }
        }
    }

    /** The rows of all prompts at one position, as one column of numbers. */
    private static Acts row(Acts logits, int position) {
        int vocab = (int) logits.shape()[2];
        float[] values = new float[(int) logits.shape()[0] * vocab];
        for (int i = 0; i < values.length; i++) {
            values[i] = logits.get(i / vocab, position, i % vocab);
        }
        return new Acts(values, new long[] {values.length});
    }

    @ParameterizedTest
    @MethodSource(ALL)
    void allHeadsOfALayerTogetherAreItsAttentionOutput(String name) {
        try (Subject subject = Subject.open(name)) {
            for (int l = 0; l < subject.layers(); l++) {
                HookSite z = HookSite.of(SiteKind.Z, l);
                HookSite out = HookSite.of(SiteKind.ATTN_OUT, l);
                try (RunResult other = Acts.run(subject.model(), subject.prompts(5), List.of(), z, out)) {
                    Acts heads = patched(subject, new Intervention.Patch(z, Region.ALL, other.cache()));
                    Acts whole = patched(subject, new Intervention.Patch(out, Region.ALL, other.cache()));

                    assertThat(heads.distance(whole)).as("layer %d", l).isLessThan(Subject.TOLERANCE);
                }
            }
        }
    }

    /** Queries and keys decide the pattern, so whoever patches both of them patches it. */
    @ParameterizedTest
    @MethodSource(ALL)
    void queriesAndKeysOfALayerTogetherAreItsPattern(String name) {
        try (Subject subject = Subject.open(name)) {
            HookSite q = HookSite.of(SiteKind.Q, 1);
            HookSite k = HookSite.of(SiteKind.K, 1);
            HookSite pattern = HookSite.of(SiteKind.PATTERN, 1);
            try (RunResult other = Acts.run(subject.model(), subject.prompts(5), List.of(), q, k, pattern)) {
                Acts inputs = patched(
                        subject,
                        new Intervention.Patch(q, Region.ALL, other.cache()),
                        new Intervention.Patch(k, Region.ALL, other.cache()));
                Acts weights = patched(subject, new Intervention.Patch(pattern, Region.ALL, other.cache()));

                assertThat(inputs.distance(weights)).isLessThan(Subject.TOLERANCE);
            }
        }
    }

    /** Behind the last attention only the last MLP could answer to it. Without that, each way to it is the direct one. */
    @ParameterizedTest
    @MethodSource(ALL)
    void allPathsFromTheLastLayerToTheEndAreThatLayerWhenItsMlpIsOff(String name) {
        try (Subject subject = Subject.open(name)) {
            int last = subject.layers() - 1;
            HookSite z = HookSite.of(SiteKind.Z, last);
            HookSite end = subject.blockEnd(last);
            Intervention[] off = subject.model().config().block().hasMlp()
                    ? new Intervention[] {new Skip(Skip.Part.MLP, last)}
                    : new Intervention[0];
            TokenBatch clean = subject.prompts(6);
            try (RunResult corrupt = Acts.run(subject.model(), subject.prompts(5), List.of(off), z)) {
                Intervention senders = new Intervention.Patch(z, Region.ALL, corrupt.cache());
                Intervention[] sent = with(off, senders);
                try (RunResult run = Acts.run(subject.model(), clean, List.of(withFrozenRest(subject, sent)), end)) {
                    Acts path = Acts.logits(
                            subject.model(), clean, with(off, new Intervention.Patch(end, Region.ALL, run.cache())));
                    Acts noised = Acts.logits(subject.model(), clean, sent);

                    assertThat(path.distance(noised)).isLessThan(1e-5);
                    assertThat(path.distance(Acts.logits(subject.model(), clean, off)))
                            .isGreaterThan(1e-3);
                }
            }
        }
    }

    /** All heads before the last layer held where the clean run has them, as path patching holds them. */
    private static Intervention[] withFrozenRest(Subject subject, Intervention[] sent) {
        Intervention[] all = sent;
        for (int l = 0; l < subject.layers() - 1; l++) {
            HookSite z = HookSite.of(SiteKind.Z, l);
            RunResult clean = Acts.run(subject.model(), subject.prompts(6), List.of(), z);
            all = with(all, new Intervention.Freeze(Set.of(z), clean.cache()));
        }
        return all;
    }

    private static Intervention[] with(Intervention[] some, Intervention more) {
        Intervention[] all = Arrays.copyOf(some, some.length + 1);
        all[some.length] = more;
        return all;
    }

    private static Acts patched(Subject subject, Intervention... patches) {
        return Acts.logits(subject.model(), subject.prompts(6), patches);
    }
}
