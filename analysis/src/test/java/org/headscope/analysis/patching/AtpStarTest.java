package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.handbuilt.CancelModel;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.LinearModel;
import org.headscope.hooks.handbuilt.OrModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models on which plain attribution patching is known to fail, and one on which nothing can. */
@Tag("engine")
class AtpStarTest {
    private static final AtpStar STAR = new AtpStar();
    private static final int INDUCTION = 4 * InductionModel.INDUCTION_LAYER + InductionModel.INDUCTION_HEAD;
    private static final Ask CANCEL = new Ask(
            new int[] {2, CancelModel.SIGNAL, 2}, new int[] {2, CancelModel.OTHER, 2}, CancelModel.YES, CancelModel.NO);
    private static final Ask LINEAR = new Ask(new int[] {1, 2, 3, 4, 5}, new int[] {1, 7, 3, 9, 5}, 6, 2);

    /** The query of the last token decides: the pattern moves from the right key to everywhere. */
    @ParameterizedTest
    @EnumSource(names = {"HEAD_Q", "HEAD_Q_BY_POS"})
    void aSaturatedQueryIsFoundThatPlainAttributionMisses(PatchSite site) {
        var ask = new Ask(sentence(ids(1, 8), ids(1, 4)), sentence(ids(1, 8), ids(9, 4)), 5, 8);
        beatsPlain(ask, site, site == PatchSite.HEAD_Q ? INDUCTION : (13 + 12) * 4 + 2);
    }

    /** The key after the changed token no longer says which token was before it. */
    @ParameterizedTest
    @EnumSource(names = {"HEAD_K", "HEAD_K_BY_POS"})
    void aSaturatedKeyIsFoundThatPlainAttributionMisses(PatchSite site) {
        int[] clean = sentence(ids(1, 16), ids(1, 7));
        int[] corrupt = clean.clone();
        corrupt[7] = 30;
        beatsPlain(new Ask(clean, corrupt, 8, 12), site, site == PatchSite.HEAD_K ? INDUCTION : (24 + 8) * 4 + 2);
    }

    /** One node has all of the effect; with two layers its score is the effect itself. */
    private static void beatsPlain(Ask ask, PatchSite site, int node) {
        try (HookedTransformer model = InductionModel.create()) {
            AnalysisContext context = IdContexts.of(model);
            double[] plain = new AttributionPatching()
                    .run(context, ask.plain(site, Mode.NOISE), Progress.none())
                    .effect()
                    .grid()
                    .toArray();
            double[] patched = new ActivationPatching()
                    .run(context, ask.plain(site, Mode.NOISE), Progress.none())
                    .effect()
                    .grid()
                    .toArray();
            Findings found = STAR.run(context, ask.star(site, Mode.NOISE, true), Progress.none());

            double[] only = new double[plain.length];
            only[node] = 1;
            assertThat(patched).containsExactly(only, within(1e-5));
            assertThat(plain).containsExactly(new double[plain.length], within(1e-5));
            assertThat(numbers(found, 0)).containsExactly(only, within(1e-5));
            assertThat(numbers(found, 1)).containsExactly(only, within(1e-5));
        }
    }

    /** Of a gap of 12 logits, 10 go through head 0.0; the path that is left when the MLP is dropped alone would give 20. */
    @Test
    void cancellingPathsAreFoundThatPlainAttributionMisses() {
        try (HookedTransformer model = CancelModel.create()) {
            AnalysisContext context = IdContexts.of(model);
            Findings found = STAR.run(context, CANCEL.star(PatchSite.HEAD_Z, Mode.NOISE, true), Progress.none());
            double[] plain = new AttributionPatching()
                    .run(context, CANCEL.plain(PatchSite.HEAD_Z, Mode.NOISE), Progress.none())
                    .effect()
                    .grid()
                    .toArray();

            assertThat(plain).containsExactly(new double[] {0, 2 / 12.0, 0, 0}, within(1e-6));
            assertThat(numbers(found, 0)).containsExactly(new double[] {20 / 12.0, 2 / 12.0, 0, 0}, within(1e-6));
            Table nodes = (Table) found.panels().get(2);
            assertThat(nodes.rows().get(0).get(0)).isEqualTo("patch blocks.0.attn.hook_z head [0]");
            assertThat((double) nodes.rows().get(0).get(4)).isCloseTo(10 / 12.0, within(1e-6));
        }
    }

    /** Verifying one node and sampling all others makes recall exact: of the one large effect, all or nothing is found. */
    @Test
    void recallTellsWhichScoresFindTheLargeEffect() {
        try (HookedTransformer model = CancelModel.create()) {
            assertThat(recall(model, true)).containsExactly(0.5, 4L, 1L, 1L, 3L, 0L, 1.0, 1.0);
            assertThat(recall(model, false)).containsExactly(0.5, 4L, 1L, 0L, 3L, 1L, 0.0, 0.0);
        }
    }

    private static List<Object> recall(HookedTransformer model, boolean drop) {
        var parameters = new AtpStar.Parameters(
                prompt(CANCEL.clean),
                prompt(CANCEL.corrupt),
                prompt(CANCEL.answer),
                prompt(CANCEL.foil),
                PatchSite.HEAD_Z,
                Mode.NOISE,
                true,
                drop,
                1,
                3,
                0.5);
        Findings found = STAR.run(IdContexts.of(model), parameters, Progress.none());
        return ((Table) found.panels().get(3)).rows().get(0);
    }

    /** A sample of 10 without a large effect still leaves room for some: Wilson's upper end is z^2 / (n + z^2). */
    @Test
    void theLowerBoundOfRecallCountsWhatASampleCannotSee() {
        try (HookedTransformer model = LinearModel.create()) {
            var parameters = new AtpStar.Parameters(
                    prompt(LINEAR.clean),
                    prompt(LINEAR.corrupt),
                    prompt(LINEAR.answer),
                    prompt(LINEAR.foil),
                    PatchSite.HEAD_Z_BY_POS,
                    Mode.NOISE,
                    true,
                    true,
                    5,
                    10,
                    1e-9);
            List<Object> row = ((Table) STAR.run(IdContexts.of(model), parameters, Progress.none())
                            .panels()
                            .get(3))
                    .rows()
                    .get(0);
            long found = (long) row.get(3);
            long missed = (long) row.get(5);
            double z2 = 1.959963984540054 * 1.959963984540054;
            double p = missed / 10.0;
            double upper = (p + z2 / 20 + Math.sqrt(z2) * Math.sqrt(p * (1 - p) / 10 + z2 / 400)) / (1 + z2 / 10);

            assertThat(row.get(1)).isEqualTo(20L);
            assertThat((double) row.get(6)).isCloseTo(found / (found + p * 15), within(1e-12));
            assertThat((double) row.get(7)).isCloseTo(found / (found + upper * 15), within(1e-9));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HEAD_Z", "HEAD_V", "HEAD_Z_BY_POS", "HEAD_V_BY_POS", "ATTN_OUT", "MLP_OUT"})
    void inTheLinearModelScoresWithoutDropsAreTheEffects(PatchSite site) {
        try (HookedTransformer model = LinearModel.create()) {
            AnalysisContext context = IdContexts.of(model);
            for (Mode mode : Mode.values()) {
                double[] patched = new ActivationPatching()
                        .run(context, LINEAR.plain(site, mode), Progress.none())
                        .effect()
                        .grid()
                        .toArray();
                Findings found = STAR.run(context, LINEAR.star(site, mode, false), Progress.none());

                assertThat(numbers(found, 1)).containsExactly(patched, within(1e-4));
                assertThat(numbers(found, 0))
                        .containsExactly(Arrays.stream(patched).map(Math::abs).toArray(), within(1e-4));
            }
        }
    }

    @Test
    void standingInterventionsHoldEverywhere() {
        var off = new Intervention.Ablate(new Target.Head(0, 0), new Ablation.Zero());
        try (HookedTransformer model = CancelModel.create()) {
            AnalysisContext context = IdContexts.of(model, List.of(off), SweepJournal.none());
            for (PatchSite site : List.of(PatchSite.HEAD_Z, PatchSite.HEAD_V)) {
                Findings found = STAR.run(context, CANCEL.star(site, Mode.NOISE, true), Progress.none());

                // Only head 0.1 is left, and it is all of the gap.
                assertThat(numbers(found, 0)).containsExactly(new double[] {0, 1, 0, 0}, within(1e-6));
                assertThat(found.receipts()).hasSize(2).allSatisfy(one -> assertThat(one.fired())
                        .isPositive());
            }
        }
    }

    @Test
    void sitesThatAreNoNodesAreRefused() {
        try (HookedTransformer model = LinearModel.create()) {
            assertThatThrownBy(() -> STAR.run(
                            IdContexts.of(model), LINEAR.star(PatchSite.RESID_PRE, Mode.NOISE, true), Progress.none()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("--site")
                    .hasMessageContaining("nodes that write");
        }
    }

    @Test
    void aSingleLayerCannotBeDropped() {
        var ask = new Ask(new int[] {2, 1, 2}, new int[] {2, 2, 2}, OrModel.YES, OrModel.NO);
        try (HookedTransformer model = OrModel.create()) {
            assertThatThrownBy(() -> STAR.run(
                            IdContexts.of(model), ask.star(PatchSite.HEAD_Z, Mode.NOISE, true), Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("single layer")
                    .hasMessageContaining("--grad-drop false");
        }
    }

    @Test
    void singleKeysUnderAUniformMaskAreRefused() {
        var uniform = new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Uniform());
        try (HookedTransformer model = CancelModel.create()) {
            AnalysisContext context = IdContexts.of(model, List.of(uniform), SweepJournal.none());
            assertThatThrownBy(() ->
                            STAR.run(context, CANCEL.star(PatchSite.HEAD_K_BY_POS, Mode.NOISE, true), Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("uniform");
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = InductionModel.create()) {
            var ask = new Ask(sentence(ids(1, 8), ids(1, 4)), sentence(ids(1, 8), ids(9, 4)), 5, 8);
            AnalysisContext context = IdContexts.of(model);
            STAR.run(context, ask.star(PatchSite.HEAD_Z, Mode.NOISE, true), Progress.none());
            int before = model.ownedResources();

            for (PatchSite site : List.of(PatchSite.HEAD_Q, PatchSite.HEAD_K_BY_POS, PatchSite.HEAD_V)) {
                STAR.run(context, ask.star(site, Mode.DENOISE, true), Progress.none());
            }

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    /** In a repeated list the queries of the induction heads decide, and plain attribution ranks a bystander first. */
    @Test
    void inTheBundledModelItRanksQueriesAsPatchingDoesWherePlainAttributionDoesNot() {
        String list =
                "Words: village basket bell painter museum hospital cup pink forest grey ring soldier lemon castle"
                        + " coin map rabbit village basket bell painter museum hospital cup pink forest grey ring soldier lemon";
        var plain = new ActivationPatching.Parameters(
                new Prompt.Text(list + " castle"),
                new Prompt.Text(list + " hospital"),
                new Prompt.Text(" coin"),
                new Prompt.Text(" cup"),
                PatchSite.HEAD_Q,
                Mode.NOISE);
        var star = new AtpStar.Parameters(
                plain.clean(),
                plain.corrupt(),
                plain.answer(),
                plain.foil(),
                plain.site(),
                plain.mode(),
                true,
                true,
                10,
                10,
                0.02);
        Path world = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
        try (HookedTransformer model = ModelLoader.load(world)) {
            var context = new AnalysisContext(
                    model, new SessionPrompts(Session.of(model)), List.of(), 0, SweepJournal.none());
            List<Integer> patched = first4(new ActivationPatching()
                    .run(context, plain, Progress.none())
                    .effect());
            List<Integer> attributed = first4(new AttributionPatching()
                    .run(context, plain, Progress.none())
                    .effect());
            Findings found = STAR.run(context, star, Progress.none());

            // 5.3, 5.2, 3.6 and 3.7.
            assertThat(patched).containsExactlyInAnyOrder(43, 42, 30, 31);
            assertThat(first4((GridPanel) found.panels().get(0))).containsExactlyInAnyOrderElementsOf(patched);
            assertThat(attributed).doesNotContainAnyElementsOf(patched);
        }
    }

    /** Heads of the largest sizes. */
    private static List<Integer> first4(GridPanel panel) {
        double[] values = panel.grid().toArray();
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer head) -> -Math.abs(values[head])))
                .limit(4)
                .toList();
    }

    private static double[] numbers(Findings found, int panel) {
        return ((GridPanel) found.panels().get(panel)).grid().toArray();
    }

    private static int[] ids(int from, int count) {
        return IntStream.range(from, from + count).toArray();
    }

    private static int[] sentence(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(0), IntStream.concat(IntStream.of(first), IntStream.of(second)))
                .toArray();
    }

    @SuppressWarnings("ArrayRecordComponent") // two prompts, never compared
    private record Ask(int[] clean, int[] corrupt, int answer, int foil) {
        ActivationPatching.Parameters plain(PatchSite site, Mode mode) {
            return new ActivationPatching.Parameters(
                    prompt(clean), prompt(corrupt), prompt(answer), prompt(foil), site, mode);
        }

        AtpStar.Parameters star(PatchSite site, Mode mode, boolean drop) {
            return new AtpStar.Parameters(
                    prompt(clean), prompt(corrupt), prompt(answer), prompt(foil), site, mode, true, drop, 2, 2, 0.05);
        }
    }
}
