package org.headscope.hooks.identity;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.headscope.hooks.config.AttentionSpec.Alibi;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.Acts;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Interventions that say "leave it as it is" leave it as it is. */
@Tag("engine")
class NoOpIdentityTest {
    private static final String ALL = "org.headscope.hooks.identity.Subject#all";

    @ParameterizedTest
    @MethodSource(ALL)
    void aGateOfOneOnEveryHeadAndMlpChangesNoBit(String name) {
        try (Subject subject = Subject.open(name)) {
            List<Intervention> gates = new ArrayList<>();
            for (int l = 0; l < subject.layers(); l++) {
                for (int h = 0; h < subject.model().config().dims().heads(); h++) {
                    gates.add(new Intervention.Ablate(new Target.Head(l, h), new Ablation.Gate(1)));
                }
                if (subject.model().config().block().hasMlp()) {
                    gates.add(new Intervention.Ablate(new Target.Mlp(l), new Ablation.Gate(1)));
                }
            }
            TokenBatch prompts = subject.prompts(2);

            Acts gated = Acts.logits(subject.model(), prompts, gates.toArray(Intervention[]::new));

            assertThat(gated.same(Acts.logits(subject.model(), prompts))).isTrue();
        }
    }

    /** Copies of the stream for each head exclude each other and the norm they share, so they have runs of their own. */
    @ParameterizedTest
    @MethodSource(ALL)
    void theOwnActivationPutInAtEverySiteChangesNoBit(String name) {
        EnumSet<SiteKind> split = EnumSet.of(SiteKind.Q_INPUT, SiteKind.K_INPUT, SiteKind.V_INPUT);
        EnumSet<SiteKind> copies = EnumSet.copyOf(split);
        copies.add(SiteKind.ATTN_IN);
        try (Subject subject = Subject.open(name)) {
            ownActivations(subject, EnumSet.complementOf(copies));
            ownActivations(subject, split);
            ownActivations(subject, EnumSet.of(SiteKind.ATTN_IN));
        }
    }

    private static void ownActivations(Subject subject, Set<SiteKind> kinds) {
        List<HookSite> sites = subject.model().sites().all().stream()
                .filter(site -> kinds.contains(site.kind()))
                .toList();
        TokenBatch prompts = subject.prompts(3);
        try (RunResult own = subject.run(prompts, sites)) {
            Intervention[] patches = sites.stream()
                    .map(site -> new Intervention.Patch(site, Region.ALL, own.cache()))
                    .toArray(Intervention[]::new);
            assertThat(Acts.logits(subject.model(), prompts, patches).same(Acts.of(own.logits())))
                    .isTrue();
        }
    }

    /** Position biases on the scores tell equal keys apart, so there the identity does not hold. */
    static Stream<String> withoutPositionBias() {
        return Subject.all().filter(name -> !name.contains("bloom") && !name.contains("falcon_rw"));
    }

    @ParameterizedTest
    @MethodSource("withoutPositionBias")
    void uniformAttentionOverEqualKeysIsWhatTheHeadDoesAnyway(String name) {
        try (Subject subject = Subject.open(name)) {
            assertThat(subject.model().config().attention().alibi()).isEqualTo(Alibi.NONE);
            for (int l = 0; l < subject.layers(); l++) {
                Acts plain = withEqualKeys(subject, l, List.of());
                Acts uniform = withEqualKeys(
                        subject,
                        l,
                        List.of(
                                new Intervention.Ablate(new Target.Head(l, 0), new Ablation.Uniform()),
                                new Intervention.Ablate(new Target.Head(l, 3), new Ablation.Uniform())));

                assertThat(uniform.distance(plain)).as("layer %d", l).isLessThan(1e-5);
            }
        }
    }

    /** Every key of a layer, as the scores see it, is the first one. */
    private static Acts withEqualKeys(Subject subject, int layer, List<Intervention> more) {
        HookSite rotated = HookSite.of(SiteKind.ROT_K, layer);
        HookSite keys = subject.model().sites().has(rotated) ? rotated : HookSite.of(SiteKind.K, layer);
        RunRequest request = RunRequest.of(subject.prompts(4))
                .hook("equal keys", keys, (value, point) -> first(value))
                .edits(new Interventions(subject.model().config()).compile(more))
                .build();
        try (RunResult run = subject.model().run(request)) {
            return Acts.of(run.logits());
        }
    }

    private static NDArray first(NDArray keys) {
        return keys.get(new NDIndex().addAllDim().addSliceDim(0, 1))
                .broadcast(keys.getShape())
                .duplicate();
    }
}
