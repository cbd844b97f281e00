package org.headscope.hooks.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.run.NeverFiredException;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.Acts;
import org.headscope.hooks.testing.SmallModels;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatchFreezeSkipTest {
    private static final TokenBatch CLEAN = TokenBatch.of(new int[] {3, 1, 4, 1, 5});
    private static final TokenBatch CORRUPT = TokenBatch.of(new int[] {3, 1, 7, 1, 5});
    private static final HookSite RESID = HookSite.of(SiteKind.RESID_PRE, 1);
    private static final HookSite PATTERN = HookSite.of(SiteKind.PATTERN, 1);

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
    void aPatchReplacesItsPositionAndNoOther() {
        try (RunResult clean = Acts.run(model, CLEAN, List.of(), RESID)) {
            Acts theirs = Acts.of(clean.cache().get(RESID));
            Acts expected =
                    Acts.at(RESID, model, CORRUPT).map((at, old) -> at[1] == 2 ? theirs.get(at[0], at[1], at[2]) : old);
            Intervention patch = new Intervention.Patch(RESID, Region.position(2), clean.cache());
            assertThat(Acts.at(RESID, model, CORRUPT, patch).same(expected)).isTrue();
        }
    }

    @Test
    void aPatchOfAPatternMayNameHeadQueryAndKey() {
        try (RunResult clean = Acts.run(model, CLEAN, List.of(), PATTERN)) {
            Acts theirs = Acts.of(clean.cache().get(PATTERN));
            Acts expected = Acts.at(PATTERN, model, CORRUPT)
                    .map((at, old) -> at[1] == 3 && at[2] == 4 && at[3] == 2 ? theirs.get(at) : old);
            Region region = new Region(Set.of(3), Set.of(4), Set.of(2));
            Intervention patch = new Intervention.Patch(PATTERN, region, clean.cache());
            assertThat(Acts.at(PATTERN, model, CORRUPT, patch).same(expected)).isTrue();
        }
    }

    @Test
    void patchingEverythingIntoAnotherPromptGivesTheLogitsOfItsSource() {
        try (RunResult clean = Acts.run(model, CLEAN, List.of(), RESID)) {
            Intervention patch = new Intervention.Patch(RESID, Region.ALL, clean.cache());
            assertThat(Acts.logits(model, CORRUPT, patch).same(Acts.of(clean.logits())))
                    .isTrue();
        }
    }

    @Test
    void patchingAPromptIntoItselfChangesNoBit() {
        try (RunResult clean = Acts.run(model, CLEAN, List.of(), RESID)) {
            Intervention patch = new Intervention.Patch(RESID, Region.position(2), clean.cache());
            assertThat(Acts.logits(model, CLEAN, patch).same(Acts.of(clean.logits())))
                    .isTrue();
            assertThat(Acts.receipts(model, CLEAN, patch))
                    .containsExactly(new Receipt("patch blocks.1.hook_resid_pre pos [2]", RESID.name(), 1, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 5})
    void aPositionOutsideThePromptIsRefused(int position) {
        try (RunResult clean = Acts.run(model, CLEAN, List.of(), RESID)) {
            Intervention patch = new Intervention.Patch(RESID, Region.position(position), clean.cache());
            assertThatThrownBy(() -> Acts.logits(model, CORRUPT, patch))
                    .isInstanceOf(NeverFiredException.class)
                    .hasMessageContaining("positions 0 to 4");
        }
    }

    @Test
    void positionsOfWhichOnlySomeExistAreRefused() {
        try (RunResult clean = Acts.run(model, CLEAN, List.of(), RESID)) {
            Region region = new Region(null, Set.of(2, 17), null);
            Intervention patch = new Intervention.Patch(RESID, region, clean.cache());
            assertThatThrownBy(() -> Acts.logits(model, CORRUPT, patch)).isInstanceOf(NeverFiredException.class);
        }
    }

    @Test
    void headsAtASiteWithoutHeadsAreRefused() {
        try (RunResult clean = Acts.run(model, CLEAN, List.of(), RESID)) {
            Intervention patch = new Intervention.Patch(RESID, Region.head(1), clean.cache());
            assertThatThrownBy(() -> compile(model, patch))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("no heads");
        }
    }

    @Test
    void keyValueSitesHaveAsManyHeadsAsThereAreKeyValueHeads() {
        HookSite values = HookSite.of(SiteKind.V, 0);
        try (HookedTransformer grouped = SmallModels.llama();
                RunResult clean = Acts.run(grouped, CLEAN, List.of(), values)) {
            assertThatThrownBy(() -> compile(grouped, new Intervention.Patch(values, Region.head(2), clean.cache())))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("key-value heads 0 to 1");
        }
    }

    @Test
    void keysAtASiteWithoutKeysAreRefused() {
        try (RunResult clean = Acts.run(model, CLEAN, List.of(), RESID)) {
            Region region = new Region(null, null, Set.of(1));
            assertThatThrownBy(() -> compile(model, new Intervention.Patch(RESID, region, clean.cache())))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("no key positions");
        }
    }

    @Test
    void frozenPatternsAreThoseOfTheOtherRunWhateverChangesBefore() {
        HookSite first = HookSite.of(SiteKind.PATTERN, 0);
        try (RunResult clean = Acts.run(model, CLEAN, List.of(), first, PATTERN)) {
            Intervention freeze = new Intervention.Freeze(Set.of(first, PATTERN), clean.cache());
            Intervention zero = new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero());
            Acts pattern = Acts.at(PATTERN, model, CLEAN, freeze, zero);
            assertThat(pattern.same(Acts.of(clean.cache().get(PATTERN)))).isTrue();
            assertThat(pattern.same(Acts.at(PATTERN, model, CLEAN, zero))).isFalse();
            assertThat(Acts.receipts(model, CLEAN, freeze)).hasSize(2);
        }
    }

    @Test
    void skippedAttentionAddsNothing() {
        Acts mid = Acts.at(HookSite.of(SiteKind.RESID_MID, 1), model, CLEAN, skip(Intervention.Skip.Part.ATTENTION));
        assertThat(mid.same(Acts.at(RESID, model, CLEAN))).isTrue();
    }

    @Test
    void aSkippedMlpAddsNothing() {
        Acts post = Acts.at(HookSite.of(SiteKind.RESID_POST, 1), model, CLEAN, skip(Intervention.Skip.Part.MLP));
        assertThat(post.same(Acts.at(HookSite.of(SiteKind.RESID_MID, 1), model, CLEAN)))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(Arrangement.class)
    void aSkippedBlockHandsOnWhatItWasGiven(Arrangement arrangement) {
        SiteKind end = arrangement == Arrangement.POST_NORM ? SiteKind.NORMALIZED_RESID_POST : SiteKind.RESID_POST;
        try (HookedTransformer arranged = SmallModels.arranged(arrangement)) {
            Acts given = Acts.at(RESID, arranged, CLEAN);
            Acts handedOn = Acts.at(HookSite.of(end, 1), arranged, CLEAN, skip(Intervention.Skip.Part.BLOCK));
            assertThat(handedOn.same(given)).isTrue();
        }
    }

    @Test
    void skippingALayerThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> compile(model, new Intervention.Skip(Intervention.Skip.Part.MLP, 2)))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("layers 0 to 1");
    }

    /** In the induction model z of the induction head is one-hot, so sizes of changes are known exactly. */
    @Test
    void receiptsTellTheExactSizeOfTheChange() {
        TokenBatch twice = TokenBatch.of(new int[] {0, 1, 2, 3, 4, 1, 2, 3, 4});
        Target induction = new Target.Head(InductionModel.INDUCTION_LAYER, InductionModel.INDUCTION_HEAD);
        Target previous = new Target.Head(InductionModel.PREVIOUS_LAYER, InductionModel.PREVIOUS_HEAD);
        Target idle = new Target.Head(0, 0);
        try (HookedTransformer built = InductionModel.create()) {
            assertThat(change(built, twice, induction, new Ablation.Zero())).isCloseTo(1, within(1e-6));
            assertThat(change(built, twice, induction, new Ablation.Gate(0.25))).isCloseTo(0.75, within(1e-6));
            assertThat(change(built, twice, previous, new Ablation.Uniform())).isCloseTo(1 - 1 / 9.0, within(1e-6));
            assertThat(change(built, twice, idle, new Ablation.Zero())).isZero();
        }
    }

    @Test
    void everyInterventionHasItsOwnReceipt() {
        try (RunResult clean = Acts.run(model, CLEAN, List.of(), RESID)) {
            List<Receipt> receipts = Acts.receipts(
                    model,
                    CORRUPT,
                    new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Gate(0.5)),
                    new Intervention.Ablate(new Target.Head(0, 2), new Ablation.Uniform()),
                    new Intervention.Patch(RESID, Region.position(2), clean.cache()),
                    skip(Intervention.Skip.Part.MLP));
            assertThat(receipts)
                    .extracting(Receipt::label)
                    .containsExactlyInAnyOrder(
                            "0.1 gate 0.5", "0.2 uniform", "patch blocks.1.hook_resid_pre pos [2]", "skip mlp 1");
            assertThat(receipts).allSatisfy(receipt -> {
                assertThat(receipt.fired()).isEqualTo(1);
                assertThat(receipt.change()).isPositive();
            });
        }
    }

    private static double change(HookedTransformer model, TokenBatch tokens, Target target, Ablation how) {
        return Acts.receipts(model, tokens, new Intervention.Ablate(target, how))
                .get(0)
                .change();
    }

    private static Intervention skip(Intervention.Skip.Part part) {
        return new Intervention.Skip(part, 1);
    }

    private static void compile(HookedTransformer model, Intervention intervention) {
        new Interventions(model.config()).compile(List.of(intervention));
    }
}
