package org.headscope.hooks.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.site.UnknownSiteException;
import org.headscope.hooks.testing.Acts;
import org.headscope.hooks.testing.NativeCount;
import org.headscope.hooks.testing.SmallModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTest {
    private static final TokenBatch TOKENS = TokenBatch.of(new int[] {3, 1, 4, 1, 5});
    private static final HookSite Z = HookSite.of(SiteKind.Z, 1);
    private static final HookSite RESID = HookSite.of(SiteKind.RESID_PRE, 1);

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
    void aCacheHoldsWhatWasAskedForAndNamesItWhenAskedForMore() {
        try (RunResult run = model.run(RunRequest.of(TOKENS).capture(Z).build())) {
            assertThat(run.cache().sites()).containsExactly(Z);
            assertThat(run.cache().get(Z).getShape().getShape()).containsExactly(1, 5, 4, 4);
            assertThatThrownBy(() -> run.cache().get(RESID))
                    .isInstanceOf(UnknownSiteException.class)
                    .hasMessageContaining("blocks.1.hook_resid_pre")
                    .hasMessageContaining("blocks.1.attn.hook_z");
        }
    }

    @Test
    void whatIsKeptIsWhatTheHooksMadeOfIt() {
        RunRequest request = RunRequest.of(TOKENS)
                .hook("double", Z, (value, point) -> value.mul(2))
                .capture(Z)
                .build();
        try (RunResult run = model.run(request)) {
            Acts expected = Acts.at(Z, model, TOKENS).map((at, old) -> 2 * old);
            assertThat(Acts.of(run.cache().get(Z)).same(expected)).isTrue();
        }
    }

    @Test
    void hooksOfOneSiteActInTheOrderOfTheirRegistration() {
        RunRequest request = RunRequest.of(TOKENS)
                .hook("add", Z, (value, point) -> value.add(1))
                .hook("double", Z, (value, point) -> value.mul(2))
                .capture(Z)
                .build();
        try (RunResult run = model.run(request)) {
            Acts expected = Acts.at(Z, model, TOKENS).map((at, old) -> 2 * (old + 1));
            assertThat(Acts.of(run.cache().get(Z)).distance(expected)).isLessThan(1e-6);
        }
    }

    @Test
    void aHookThatReturnsNothingLeavesEveryBitAlone() {
        RunRequest request =
                RunRequest.of(TOKENS).hook("look", Z, (value, point) -> null).build();
        try (RunResult run = model.run(request)) {
            assertThat(Acts.of(run.logits()).same(Acts.logits(model, TOKENS))).isTrue();
            assertThat(run.receipts()).containsExactly(new Receipt("look", Z.name(), 1, 0));
        }
    }

    @Test
    void aHookThatReturnsAnotherShapeIsRefusedByName() {
        RunRequest request = RunRequest.of(TOKENS)
                .hook("too short", Z, (value, point) -> value.get(":, :2"))
                .build();
        assertThatThrownBy(() -> model.run(request))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("too short")
                .hasMessageContaining("(1, 2, 4, 4)");
    }

    @Test
    void anArrayThatAHookBringsInStaysTheHooks() {
        try (NDManager mine = model.newManager()) {
            NDArray zeros = mine.zeros(model.sites().shapeOf(Z, 1, 5));
            RunRequest request = RunRequest.of(TOKENS)
                    .hook("mine", Z, (value, point) -> zeros)
                    .capture(Z)
                    .build();
            try (RunResult run = model.run(request)) {
                assertThat(run.cache().get(Z).abs().max().getFloat()).isZero();
            }
            assertThat(zeros.isReleased()).isFalse();
        }
    }

    @Test
    void whatIsKeptOutlivesAnArrayThatAHookBroughtIn() {
        try (NDManager mine = model.newManager()) {
            NDArray ones = mine.ones(model.sites().shapeOf(Z, 1, 5));
            RunRequest request = RunRequest.of(TOKENS)
                    .hook("mine", Z, (value, point) -> ones)
                    .capture(Z)
                    .build();
            try (RunResult run = model.run(request)) {
                mine.close();
                assertThat(run.cache().get(Z).min().getFloat()).isEqualTo(1);
            }
        }
    }

    @Test
    void aSiteThatTheModelLacksIsRefusedWithTheOnesItHas() {
        HookSite rotated = HookSite.of(SiteKind.ROT_Q, 0);
        assertThatThrownBy(
                        () -> model.run(RunRequest.of(TOKENS).capture(rotated).build()))
                .isInstanceOf(UnknownSiteException.class)
                .hasMessageContaining("blocks.0.attn.hook_rot_q")
                .hasMessageContaining("attn.hook_q,");
    }

    @Test
    void aLayerThatTheModelLacksIsRefusedWithTheOnesItHas() {
        RunRequest request = RunRequest.of(TOKENS)
                .hook("look", HookSite.of(SiteKind.Z, 9), (value, point) -> null)
                .build();
        assertThatThrownBy(() -> model.run(request))
                .isInstanceOf(UnknownSiteException.class)
                .hasMessageContaining("layers 0 to 1");
    }

    @Test
    void oneResidualCopyPerHeadIsRefusedForGroupedHeadsWithAnAlternative() {
        try (HookedTransformer grouped = SmallModels.llama()) {
            HookSite site = HookSite.of(SiteKind.ATTN_IN, 0);
            assertThatThrownBy(() -> grouped.sites().require(site))
                    .isInstanceOf(UnknownSiteException.class)
                    .hasMessageContaining("hook_k_input");
        }
    }

    @Test
    void anEditOfANormThatNobodyReadsIsRefused() {
        RunRequest request = RunRequest.of(TOKENS)
                .hook("scale", HookSite.of(SiteKind.LN1_SCALE, 0), (value, point) -> value.mul(2))
                .capture(HookSite.of(SiteKind.Q_INPUT, 0))
                .build();
        assertThatThrownBy(() -> model.run(request))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("no effect");
    }

    @Test
    void twoHooksOfOneNameAtDifferentSitesAreRefused() {
        RunRequest request = RunRequest.of(TOKENS)
                .hook("mine", Z, (value, point) -> null)
                .hook("mine", RESID, (value, point) -> null)
                .build();
        assertThatThrownBy(() -> model.run(request))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("'mine'")
                .hasMessageContaining(Z.name())
                .hasMessageContaining(RESID.name());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 4})
    void logitsFromAPositionAreTheLastRowsOfAllLogits(int from) {
        try (RunResult run = model.run(RunRequest.of(TOKENS).logitsFrom(from).build())) {
            Acts all = Acts.logits(model, TOKENS);
            Acts some = Acts.of(run.logits());
            assertThat(some.shape()).containsExactly(1, 5 - from, SmallModels.DIMS.vocab());
            assertThat(some.distance(some.map((at, old) -> all.get(0, at[1] + from, at[2]))))
                    .isLessThan(1e-6);
        }
    }

    @Test
    void aTokenOutsideTheVocabularyIsRefusedWithItsPlace() {
        RunRequest request = RunRequest.of(TokenBatch.of(new int[] {1, 2}, new int[] {1, 30}))
                .build();
        assertThatThrownBy(() -> model.run(request))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("Token id 30 at position 1 of prompt 1")
                .hasMessageContaining("0 to 29");
    }

    @Test
    void aPromptLongerThanTheContextIsRefusedWithTheExcess() {
        RunRequest request = RunRequest.of(TokenBatch.of(new int[27])).build();
        assertThatThrownBy(() -> model.run(request))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("Shorten it by 3 tokens");
    }

    @Test
    void promptsOfDifferentLengthsAreRefused() {
        assertThatThrownBy(() -> TokenBatch.of(new int[] {1, 2}, new int[] {1}))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("prompt 1 has 1");
    }

    @Test
    void attachedHooksActInEveryRunUntilTheirScopeIsClosed() {
        Acts plain = Acts.logits(model, TOKENS);
        try (HookScope scope = model.hooks().open()) {
            scope.add("zero", Z, (value, point) -> value.zerosLike());
            assertThat(model.hooks().list()).containsExactly("zero at blocks.1.attn.hook_z");
            Acts first = Acts.logits(model, TOKENS);
            assertThat(first.distance(plain)).isGreaterThan(1e-3);
            assertThat(Acts.logits(model, TOKENS).same(first)).isTrue();
        }
        assertThat(model.hooks().list()).isEmpty();
        assertThat(Acts.logits(model, TOKENS).same(plain)).isTrue();
    }

    @Test
    void attachedHooksAreGoneAfterAFailure() {
        assertThatThrownBy(() -> {
                    try (HookScope scope = model.hooks().open()) {
                        scope.add("fails", Z, (value, point) -> {
                            throw new IllegalStateException("on purpose");
                        });
                        Acts.logits(model, TOKENS);
                    }
                })
                .hasMessage("on purpose");
        assertThat(model.hooks().list()).isEmpty();
    }

    @Test
    void closingAScopeLeavesOthersAttached() {
        try (HookScope outer = model.hooks().open()) {
            outer.add("outer", Z, (value, point) -> null);
            try (HookScope inner = model.hooks().open()) {
                inner.add("inner", RESID, (value, point) -> null);
            }
            assertThat(model.hooks().list()).containsExactly("outer at blocks.1.attn.hook_z");
        }
    }

    @Test
    void closingAScopeLeavesAnEqualHookOfAnotherScopeAttached() {
        Hook look = (value, point) -> null;
        try (HookScope outer = model.hooks().open()) {
            outer.add("look", Z, look);
            try (HookScope inner = model.hooks().open()) {
                inner.add("look", Z, look);
            }
            assertThat(model.hooks().list()).containsExactly("look at blocks.1.attn.hook_z");
        }
    }

    @Test
    void aRunThatIsNotClosedIsCountedAsOwned() {
        int before = model.ownedResources();
        RunResult run = model.run(RunRequest.of(TOKENS).build());
        assertThat(model.ownedResources()).isGreaterThan(before);
        run.close();
        assertThat(model.ownedResources()).isEqualTo(before);
    }

    @Test
    void anUnknownSiteIsRefusedWhenTheHookIsAttached() {
        try (HookScope scope = model.hooks().open()) {
            assertThatThrownBy(() -> scope.add("look", HookSite.of(SiteKind.Z, 5), (value, point) -> null))
                    .isInstanceOf(UnknownSiteException.class);
        }
    }

    @Test
    void closingARunReleasesAllItsNativeMemory() {
        try (NDManager probe = model.newManager()) {
            NDManager all = Objects.requireNonNull(probe.getParentManager());
            int before = NativeCount.below(all);
            RunResult run = model.run(RunRequest.of(TOKENS)
                    .hook("double", Z, (value, point) -> value.mul(2))
                    .capture(model.sites().all())
                    .build());
            assertThat(NativeCount.below(all)).isGreaterThan(before);
            run.close();
            assertThat(NativeCount.below(all)).isEqualTo(before);
        }
    }

    @Test
    void aRunThatFailsReleasesAllItsNativeMemory() {
        try (NDManager probe = model.newManager()) {
            NDManager all = Objects.requireNonNull(probe.getParentManager());
            int before = NativeCount.below(all);
            RunRequest request = RunRequest.of(TOKENS)
                    .hook("fails", HookSite.of(SiteKind.MLP_OUT, 1), (value, point) -> {
                        throw new IllegalStateException("on purpose");
                    })
                    .capture(Z)
                    .build();
            assertThatThrownBy(() -> model.run(request)).hasMessage("on purpose");
            assertThat(NativeCount.below(all)).isEqualTo(before);
        }
    }

    @Test
    void onlyWhatWasAskedForIsHeldWhileARunIsOpen() {
        try (NDManager probe = model.newManager()) {
            NDManager all = Objects.requireNonNull(probe.getParentManager());
            int before = NativeCount.below(all);
            try (RunResult run = model.run(RunRequest.of(TOKENS).capture(Z).build())) {
                assertThat(run.logits().getShape().dimension()).isEqualTo(3);
                // the scope of the run, the logits, the cache and the activation in it
                assertThat(NativeCount.below(all)).isEqualTo(before + 4);
            }
        }
    }

    @Test
    void runsLeaveTheWeightsAlone() {
        List<float[]> before =
                model.weights().arrays().stream().map(NDArray::toFloatArray).toList();
        Acts.logits(model, TOKENS);
        List<NDArray> after = model.weights().arrays();
        for (int i = 0; i < before.size(); i++) {
            assertThat(after.get(i).toFloatArray()).isEqualTo(before.get(i));
        }
    }

    @Test
    void severalThreadsMayRunOneModelAtOnce() throws Exception {
        try (HookedTransformer rotary = SmallModels.llama()) {
            Acts expected = Acts.logits(rotary, TOKENS);
            ExecutorService pool = Executors.newFixedThreadPool(4);
            try {
                List<Future<Acts>> futures = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    futures.add(pool.submit(() -> Acts.logits(rotary, TOKENS)));
                }
                for (Future<Acts> future : futures) {
                    assertThat(future.get().distance(expected)).isLessThan(1e-6);
                }
            } finally {
                pool.shutdownNow();
            }
        }
    }
}
