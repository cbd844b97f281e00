package org.headscope.hooks.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.Activations;
import org.headscope.hooks.run.HostActivations;
import org.headscope.hooks.run.NeverFiredException;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.site.UnknownSiteException;
import org.headscope.hooks.testing.Acts;
import org.headscope.hooks.testing.SmallModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to ablate, against the same thing computed by hand from the plain run. */
class AblationTest {
    private static final TokenBatch TOKENS = TokenBatch.of(new int[] {3, 1, 4, 1, 5}, new int[] {9, 2, 6, 5, 3});
    private static final TokenBatch OTHER = TokenBatch.of(new int[] {2, 7, 1, 8, 2}, new int[] {8, 1, 8, 2, 8});
    private static final HookSite Z = HookSite.of(SiteKind.Z, 0);
    private static final HookSite PATTERN = HookSite.of(SiteKind.PATTERN, 0);
    private static final int HEAD = 2;
    private static final Target TARGET = new Target.Head(0, HEAD);
    private static final double ROUNDING = 1e-6;

    private static HookedTransformer model;

    @BeforeAll
    static void build() {
        model = SmallModels.gpt2();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void zeroClearsOneHeadAndLeavesTheOthersUntouched() {
        Acts expected = Acts.at(Z, model, TOKENS).map((at, old) -> at[2] == HEAD ? 0 : old);
        assertThat(Acts.at(Z, model, TOKENS, ablate(new Ablation.Zero())).distance(expected))
                .isZero();
    }

    @Test
    void whatComesAfterIsThatOfAHookWhichClearsTheHeadByHand() {
        Acts plain = Acts.at(Z, model, TOKENS);
        Acts edited = plain.map((at, old) -> at[2] == HEAD ? 0 : old);
        RunRequest byHand = RunRequest.of(TOKENS)
                .hook("by hand", Z, (value, point) -> value.getManager().create(edited.values(), value.getShape()))
                .build();
        try (RunResult run = model.run(byHand)) {
            Acts logits = Acts.logits(model, TOKENS, ablate(new Ablation.Zero()));
            assertThat(logits.distance(Acts.of(run.logits()))).isLessThan(ROUNDING);
            assertThat(logits.distance(Acts.logits(model, TOKENS))).isGreaterThan(1e-3);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0.25, 3})
    void aGateMultipliesTheHead(double gate) {
        Acts expected = Acts.at(Z, model, TOKENS).map((at, old) -> at[2] == HEAD ? gate * old : old);
        assertThat(Acts.at(Z, model, TOKENS, ablate(new Ablation.Gate(gate))).distance(expected))
                .isLessThan(ROUNDING);
    }

    @Test
    void aGateOfOneChangesNoBit() {
        assertThat(Acts.logits(model, TOKENS, ablate(new Ablation.Gate(1))).same(Acts.logits(model, TOKENS)))
                .isTrue();
        assertThat(Acts.receipts(model, TOKENS, ablate(new Ablation.Gate(1))))
                .singleElement()
                .satisfies(receipt -> assertThat(receipt.change()).isZero());
    }

    @Test
    void gatesOfOneLayerActTogether() {
        Acts expected = Acts.at(Z, model, TOKENS).map((at, old) -> at[2] == 0 ? 0.5 * old : at[2] == 3 ? 0 : old);
        assertThat(Acts.at(
                                Z,
                                model,
                                TOKENS,
                                new Intervention.Ablate(new Target.Head(0, 0), new Ablation.Gate(0.5)),
                                new Intervention.Ablate(new Target.Head(0, 3), new Ablation.Zero()))
                        .distance(expected))
                .isLessThan(ROUNDING);
    }

    @Test
    void theMeanOverPromptsAndPositionsReplacesTheHead() {
        try (RunResult reference = Acts.run(model, OTHER, List.of(), Z);
                ActivationCache means = reference.cache().mean(false)) {
            Acts all = Acts.of(reference.cache().get(Z));
            Acts expected = Acts.at(Z, model, TOKENS).map((at, old) -> {
                double sum = 0;
                for (int b = 0; b < 2; b++) {
                    for (int p = 0; p < 5; p++) {
                        sum += all.get(b, p, HEAD, at[3]);
                    }
                }
                return at[2] == HEAD ? sum / 10 : old;
            });
            assertThat(Acts.at(Z, model, TOKENS, ablate(new Ablation.Mean(means, "two prompts")))
                            .distance(expected))
                    .isLessThan(ROUNDING);
        }
    }

    @Test
    void meansOnTheHeapDoTheSameWithoutTheRunTheyComeFrom() {
        try (RunResult reference = Acts.run(model, OTHER, List.of(), Z)) {
            Ablation fromCache;
            Ablation fromHeap;
            try (ActivationCache means = reference.cache().mean(false)) {
                fromHeap = new Ablation.Mean(HostActivations.of(means), "two prompts");
                fromCache = new Ablation.Mean(means, "two prompts");
                assertThat(Acts.at(Z, model, TOKENS, ablate(fromHeap))
                                .same(Acts.at(Z, model, TOKENS, ablate(fromCache))))
                        .isTrue();
            }
            int before = model.ownedResources();
            Acts first = Acts.at(Z, model, TOKENS, ablate(fromHeap));
            assertThat(Acts.at(Z, model, TOKENS, ablate(fromHeap)).same(first)).isTrue();
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    @Test
    void theMeanPerPositionReplacesTheHead() {
        try (RunResult reference = Acts.run(model, OTHER, List.of(), Z);
                ActivationCache means = reference.cache().mean(true)) {
            Acts all = Acts.of(reference.cache().get(Z));
            Acts expected = Acts.at(Z, model, TOKENS)
                    .map((at, old) -> at[2] == HEAD
                            ? (all.get(0, at[1], HEAD, at[3]) + all.get(1, at[1], HEAD, at[3])) / 2
                            : old);
            assertThat(Acts.at(Z, model, TOKENS, ablate(new Ablation.Mean(means, "two prompts")))
                            .distance(expected))
                    .isLessThan(ROUNDING);
        }
    }

    @Test
    void resamplingPutsInTheHeadOfTheOtherPrompts() {
        try (RunResult other = Acts.run(model, OTHER, List.of(), Z)) {
            Acts theirs = Acts.of(other.cache().get(Z));
            Acts expected = Acts.at(Z, model, TOKENS)
                    .map((at, old) -> at[2] == HEAD ? theirs.get(at[0], at[1], at[2], at[3]) : old);
            assertThat(Acts.at(Z, model, TOKENS, ablate(new Ablation.Resample(other.cache(), "other prompts")))
                            .same(expected))
                    .isTrue();
        }
    }

    @Test
    void uniformAttentionIsSharedByAllEarlierKeysOfOneHead() {
        Acts expected = Acts.at(PATTERN, model, TOKENS)
                .map((at, old) -> at[1] != HEAD ? old : at[3] <= at[2] ? 1.0 / (at[2] + 1) : 0);
        assertThat(Acts.at(PATTERN, model, TOKENS, ablate(new Ablation.Uniform()))
                        .distance(expected))
                .isLessThan(ROUNDING);
    }

    @Test
    void uniformAttentionStaysInsideASlidingWindow() {
        try (HookedTransformer sliding = SmallModels.windowed(3)) {
            Acts expected = Acts.at(PATTERN, sliding, TOKENS)
                    .map((at, old) -> at[1] != HEAD
                            ? old
                            : at[3] <= at[2] && at[3] > at[2] - 3 ? 1.0 / Math.min(3, at[2] + 1) : 0);
            assertThat(Acts.at(PATTERN, sliding, TOKENS, ablate(new Ablation.Uniform()))
                            .distance(expected))
                    .isLessThan(ROUNDING);
        }
    }

    @Test
    void uniformAttentionAvoidsPadding() {
        TokenBatch padded = TOKENS.withPadding(new int[][] {{1, 1, 1, 1, 1}, {1, 1, 1, 0, 0}});
        Acts expected = Acts.at(PATTERN, model, padded).map((at, old) -> {
            int keys = at[0] == 0 ? at[2] + 1 : Math.min(3, at[2] + 1);
            return at[1] != HEAD ? old : at[3] < keys ? 1.0 / keys : 0;
        });
        assertThat(Acts.at(PATTERN, model, padded, ablate(new Ablation.Uniform()))
                        .distance(expected))
                .isLessThan(ROUNDING);
    }

    @Test
    void aWholeLayerOfHeadsSetToZeroLeavesTheOutputBias() {
        HookSite out = HookSite.of(SiteKind.ATTN_OUT, 1);
        float[] bias = java.util.Objects.requireNonNull(
                        model.weights().blocks().get(1).attention().o().bias())
                .toFloatArray();
        Acts actual =
                Acts.at(out, model, TOKENS, new Intervention.Ablate(new Target.AttentionLayer(1), new Ablation.Zero()));
        assertThat(actual.distance(actual.map((at, old) -> bias[at[2]]))).isLessThan(ROUNDING);
    }

    @Test
    void anMlpSetToZeroAddsNothing() {
        HookSite mid = HookSite.of(SiteKind.RESID_MID, 0);
        HookSite post = HookSite.of(SiteKind.RESID_POST, 0);
        Intervention ablate = new Intervention.Ablate(new Target.Mlp(0), new Ablation.Zero());
        assertThat(Acts.at(post, model, TOKENS, ablate).same(Acts.at(mid, model, TOKENS)))
                .isTrue();
    }

    @Test
    void aHeadAtSomePositionsChangesThereOnly() {
        Target late = new Target.HeadAt(0, HEAD, Set.of(3, 4));
        Acts plain = Acts.at(Z, model, TOKENS);
        for (double gate : new double[] {0, 0.25}) {
            Intervention off = new Intervention.Ablate(late, gate == 0 ? new Ablation.Zero() : new Ablation.Gate(gate));
            Acts expected = plain.map((at, old) -> at[2] == HEAD && at[1] >= 3 ? gate * old : old);
            assertThat(Acts.at(Z, model, TOKENS, off).distance(expected)).isLessThan(ROUNDING);
        }
        Acts expected = Acts.at(PATTERN, model, TOKENS)
                .map((at, old) -> at[1] == HEAD && at[2] >= 3 ? (at[3] <= at[2] ? 1.0 / (at[2] + 1) : 0) : old);
        Intervention uniform = new Intervention.Ablate(late, new Ablation.Uniform());
        assertThat(Acts.at(PATTERN, model, TOKENS, uniform).distance(expected)).isLessThan(ROUNDING);
    }

    @Test
    void aHeadAtPositionsThatThePromptLacksIsRefused() {
        Intervention off = new Intervention.Ablate(new Target.HeadAt(0, HEAD, Set.of(5)), new Ablation.Zero());
        assertThatThrownBy(() -> Acts.at(Z, model, TOKENS, off))
                .isInstanceOf(NeverFiredException.class)
                .hasMessageContaining("0 to 4");
        assertThatThrownBy(() -> new Target.HeadAt(0, HEAD, Set.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void uniformAttentionOfAnMlpIsRefused() {
        assertThatThrownBy(() -> compile(new Intervention.Ablate(new Target.Mlp(0), new Ablation.Uniform())))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("MLP 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4})
    void aHeadThatDoesNotExistIsRefused(int head) {
        assertThatThrownBy(() -> compile(new Intervention.Ablate(new Target.Head(0, head), new Ablation.Zero())))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("heads 0 to 3");
    }

    @Test
    void aLayerThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> compile(new Intervention.Ablate(new Target.Head(2, 0), new Ablation.Zero())))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("layers 0 to 1");
    }

    @Test
    void aReferenceThatLacksTheSiteIsRefusedNamingWhatItHolds() {
        try (RunResult reference = Acts.run(model, OTHER, List.of(), PATTERN)) {
            for (Activations held : List.of(reference.cache(), HostActivations.of(reference.cache()))) {
                Intervention resample = ablate(new Ablation.Resample(held, "other prompts"));
                assertThatThrownBy(() -> compile(resample))
                        .isInstanceOf(UnknownSiteException.class)
                        .hasMessageContaining("blocks.0.attn.hook_z")
                        .hasMessageContaining("blocks.0.attn.hook_pattern");
            }
        }
    }

    @Test
    void aReferenceOfAnotherLengthIsRefused() {
        try (RunResult reference = Acts.run(model, TokenBatch.of(new int[] {1, 2, 3}), List.of(), Z)) {
            Intervention resample = ablate(new Ablation.Resample(reference.cache(), "a shorter prompt"));
            assertThatThrownBy(() -> Acts.logits(model, TOKENS, resample))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("equal numbers of tokens");
        }
    }

    @Test
    void theSameAblationTwiceHasOneReceiptThatCountsBoth() {
        Intervention half = ablate(new Ablation.Gate(0.5));
        assertThat(Acts.receipts(model, TOKENS, half, half)).singleElement().satisfies(receipt -> {
            assertThat(receipt.label()).isEqualTo("0.2 gate 0.5");
            assertThat(receipt.fired()).isEqualTo(2);
        });
        Acts expected = Acts.at(Z, model, TOKENS).map((at, old) -> at[2] == HEAD ? old / 4 : old);
        assertThat(Acts.at(Z, model, TOKENS, half, half).distance(expected)).isLessThan(ROUNDING);
    }

    private static Intervention ablate(Ablation how) {
        return new Intervention.Ablate(TARGET, how);
    }

    private static void compile(Intervention intervention) {
        new Interventions(model.config()).compile(List.of(intervention));
    }
}
