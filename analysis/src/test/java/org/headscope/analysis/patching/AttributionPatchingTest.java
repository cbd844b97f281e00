package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.patching.ActivationPatching.Parameters;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.handbuilt.CancelModel;
import org.headscope.hooks.handbuilt.GqaModel;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.LinearModel;
import org.headscope.hooks.handbuilt.OrModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.HookScope;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.site.UnknownSiteException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Models whose answer can be proved. */
@Tag("engine")
class AttributionPatchingTest {
    private static final AttributionPatching ATTRIBUTION = new AttributionPatching();
    private static final ActivationPatching PATCHING = new ActivationPatching();
    private static final int[] CLEAN = {1, 2, 3, 4, 5};
    private static final int[] CORRUPT = {1, 7, 3, 9, 5};

    @ParameterizedTest
    @EnumSource
    void inTheLinearModelItIsActivationPatchingInBothDirections(PatchSite site) {
        try (HookedTransformer model = LinearModel.create()) {
            for (Mode mode : Mode.values()) {
                agrees(IdContexts.of(model), linear(site, mode));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void standingInterventionsHoldInBothRuns(Mode mode) {
        var off = new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero());
        try (HookedTransformer model = LinearModel.create()) {
            AnalysisContext context = IdContexts.of(model, List.of(off), SweepJournal.none());

            PatchFindings found = agrees(context, linear(PatchSite.HEAD_Z, mode));

            assertThat(found.effect().grid().at(0, 1)).isZero();
            assertThat(found.effect().grid().at(0, 0)).isNotZero();
            assertThat(found.receipts()).singleElement().satisfies(one -> assertThat(one.site())
                    .isEqualTo("blocks.0.attn.hook_z"));
        }
    }

    /** The same cells as patching finds, with the same runs to either side. */
    private static PatchFindings agrees(AnalysisContext context, Parameters parameters) {
        PatchFindings attributed = ATTRIBUTION.run(context, parameters, Progress.none());
        PatchFindings patched = PATCHING.run(context, parameters, Progress.none());

        assertThat(attributed.clean()).isCloseTo(patched.clean(), within(1e-5));
        assertThat(attributed.corrupt()).isCloseTo(patched.corrupt(), within(1e-5));
        assertThat(attributed.effect().grid().axes())
                .isEqualTo(patched.effect().grid().axes());
        assertThat(attributed.effect().grid().toArray())
                .as("%s %s", parameters.site(), parameters.mode())
                .containsExactly(patched.effect().grid().toArray(), within(1e-4));
        assertThat(attributed.patched().grid().toArray())
                .containsExactly(patched.patched().grid().toArray(), within(1e-4));
        return attributed;
    }

    @Test
    void ofThePreviousTokenHeadItFindsTheRightPlaceInTheWrongSize() {
        int[] clean = sentence(ids(1, 16), ids(1, 7));
        int[] corrupt = clean.clone();
        corrupt[7] = 30;
        try (HookedTransformer model = InductionModel.create()) {
            double[] heads = effects(ATTRIBUTION, model, pair(clean, corrupt, 8, 12, PatchSite.HEAD_Z, Mode.DENOISE));

            assertThat(heads).containsExactly(new double[] {0, 1.25, 0, 0, 0, 0, 1, 0}, within(1e-4));
        }
    }

    /** The query decides everything, but so firmly that a small step of it changes nothing. */
    @Test
    void theQueryOfASaturatedAttentionIsMissed() {
        int[] clean = sentence(ids(1, 8), ids(1, 4));
        int[] corrupt = sentence(ids(1, 8), ids(9, 4));
        Parameters parameters = pair(clean, corrupt, 5, 8, PatchSite.HEAD_Q, Mode.NOISE);
        int head = 4 * InductionModel.INDUCTION_LAYER + InductionModel.INDUCTION_HEAD;
        try (HookedTransformer model = InductionModel.create()) {
            assertThat(effects(PATCHING, model, parameters)[head]).isCloseTo(1, within(1e-5));
            assertThat(effects(ATTRIBUTION, model, parameters)[head]).isCloseTo(0, within(1e-5));
        }
    }

    /** The key after the changed token decides, as firmly. */
    @Test
    void theKeyOfASaturatedAttentionIsMissed() {
        int[] clean = sentence(ids(1, 16), ids(1, 7));
        int[] corrupt = clean.clone();
        corrupt[7] = 30;
        Parameters parameters = pair(clean, corrupt, 8, 12, PatchSite.HEAD_K, Mode.NOISE);
        int head = 4 * InductionModel.INDUCTION_LAYER + InductionModel.INDUCTION_HEAD;
        try (HookedTransformer model = InductionModel.create()) {
            assertThat(effects(PATCHING, model, parameters)[head]).isCloseTo(1, within(1e-5));
            assertThat(effects(ATTRIBUTION, model, parameters)[head]).isCloseTo(0, within(1e-5));
        }
    }

    /** What a head adds directly an MLP takes away, but only where the signal stands: there the slopes cancel. */
    @Test
    void pathsWhoseSlopesCancelAreMissedAtTheCleanRunAndDoubledAtTheCorruptOne() {
        int[] clean = {2, CancelModel.SIGNAL, 2};
        int[] corrupt = {2, CancelModel.OTHER, 2};
        try (HookedTransformer model = CancelModel.create()) {
            for (Mode mode : Mode.values()) {
                Parameters parameters = pair(clean, corrupt, CancelModel.YES, CancelModel.NO, PatchSite.HEAD_Z, mode);
                double estimate = mode == Mode.NOISE ? 0 : 20 / 12.0;
                assertThat(effects(PATCHING, model, parameters))
                        .containsExactly(new double[] {10 / 12.0, 2 / 12.0, 0, 0}, within(1e-6));
                assertThat(effects(ATTRIBUTION, model, parameters))
                        .containsExactly(new double[] {estimate, 2 / 12.0, 0, 0}, within(1e-6));
            }
        }
    }

    /** Either head restores the answer through a unit that is off, and has no slope, in the corrupt run. */
    @Test
    void theHeadsOfAnOrAreMissedEvenWhenDenoising() {
        Parameters parameters =
                pair(new int[] {2, 1, 2}, new int[] {2, 2, 2}, OrModel.YES, OrModel.NO, PatchSite.HEAD_Z, Mode.DENOISE);
        try (HookedTransformer model = OrModel.create()) {
            assertThat(effects(PATCHING, model, parameters)).containsExactly(new double[] {1, 1, 0}, within(1e-6));
            assertThat(effects(ATTRIBUTION, model, parameters)).containsExactly(0, 0, 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"HEAD_K, 1", "HEAD_V, 1", "HEAD_K_BY_POS, 2", "HEAD_V_BY_POS, 2"})
    void keysAndValuesHaveOneColumnPerKeyValueHead(PatchSite site, int axis) {
        try (HookedTransformer model = GqaModel.create()) {
            Parameters parameters =
                    pair(new int[] {1, 2, 3, 4, 5}, new int[] {6, 2, 3, 4, 5}, 1, 6, site, Mode.DENOISE);

            Axis heads = ATTRIBUTION
                    .run(IdContexts.of(model), parameters, Progress.none())
                    .effect()
                    .grid()
                    .axes()
                    .get(axis);

            assertThat(heads).isEqualTo(Axis.kvHeads(2));
        }
    }

    @Test
    void twoForwardsServeAllCells() {
        AtomicInteger forwards = new AtomicInteger();
        try (HookedTransformer model = LinearModel.create();
                HookScope scope = model.hooks().open()) {
            scope.add("count", HookSite.global(SiteKind.EMBED), (value, point) -> {
                forwards.incrementAndGet();
                return value;
            });

            ATTRIBUTION.run(IdContexts.of(model), linear(PatchSite.HEAD_Z_BY_POS, Mode.DENOISE), Progress.none());

            assertThat(forwards).hasValue(2);
        }
    }

    @Test
    void promptsOfUnequalLengthAreRefusedWithThePlaceWhereTheyPart() {
        refused(pair(new int[] {1, 2, 3}, new int[] {1, 5, 2, 3}, 1, 2, PatchSite.RESID_PRE, Mode.DENOISE))
                .hasMessageContaining("clean has 3")
                .hasMessageContaining("corrupt has 4")
                .hasMessageContaining("position 1: 't2' against 't5'");
    }

    @Test
    void aGapOfNothingIsRefused() {
        refused(pair(CLEAN, CLEAN, 6, 2, PatchSite.RESID_PRE, Mode.NOISE))
                .hasMessageContaining("less than 1.0E-4 apart");
    }

    @Test
    void anAnswerThatIsItsOwnFoilIsRefused() {
        refused(pair(CLEAN, CORRUPT, 6, 6, PatchSite.RESID_PRE, Mode.NOISE)).hasMessageContaining("same token 6");
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(Parameters parameters) {
        try (HookedTransformer model = LinearModel.create()) {
            return assertThatThrownBy(() -> ATTRIBUTION.run(IdContexts.of(model), parameters, Progress.none()))
                    .isInstanceOf(HeadscopeException.class);
        }
    }

    @Test
    void aSiteThatTheModelLacksIsRefused() {
        try (HookedTransformer model = InductionModel.create()) {
            Parameters parameters = pair(CLEAN, CORRUPT, 6, 2, PatchSite.MLP_OUT, Mode.DENOISE);

            assertThatThrownBy(() -> ATTRIBUTION.run(IdContexts.of(model), parameters, Progress.none()))
                    .isInstanceOf(UnknownSiteException.class)
                    .hasMessageContaining("hook_mlp_out");
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = LinearModel.create()) {
            AnalysisContext context = IdContexts.of(model);
            ATTRIBUTION.run(context, linear(PatchSite.HEAD_Z, Mode.DENOISE), Progress.none());
            int before = model.ownedResources();

            ATTRIBUTION.run(context, linear(PatchSite.HEAD_PATTERN_BY_POS, Mode.NOISE), Progress.none());
            assertThatThrownBy(() -> ATTRIBUTION.run(
                            context, pair(CLEAN, CLEAN, 6, 2, PatchSite.HEAD_Z, Mode.NOISE), Progress.none()))
                    .isInstanceOf(HeadscopeException.class);

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static double[] effects(
            Analysis<Parameters, PatchFindings> analysis, HookedTransformer model, Parameters parameters) {
        return analysis.run(IdContexts.of(model), parameters, Progress.none())
                .effect()
                .grid()
                .toArray();
    }

    private static Parameters linear(PatchSite site, Mode mode) {
        return pair(CLEAN, CORRUPT, 6, 2, site, mode);
    }

    private static Parameters pair(int[] clean, int[] corrupt, int answer, int foil, PatchSite site, Mode mode) {
        return new Parameters(prompt(clean), prompt(corrupt), prompt(answer), prompt(foil), site, mode);
    }

    private static int[] ids(int from, int count) {
        return IntStream.range(from, from + count).toArray();
    }

    private static int[] sentence(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(0), IntStream.concat(IntStream.of(first), IntStream.of(second)))
                .toArray();
    }
}
