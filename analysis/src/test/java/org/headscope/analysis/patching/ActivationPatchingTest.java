package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.TinyReference;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.patching.ActivationPatching.Parameters;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.GqaModel;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.OrModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.site.UnknownSiteException;
import org.headscope.hooks.sweep.LogitDifference;
import org.headscope.hooks.sweep.PlainLoop;
import org.headscope.hooks.sweep.SweepCell;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("engine")
class ActivationPatchingTest {
    private static final ActivationPatching PATCHING = new ActivationPatching();
    private static final int RIGHT = 8;
    private static final int WRONG = 12;

    /** BOS, sixteen tokens, and the first seven again: token 8 is next. */
    private static final int[] CLEAN = sentence(ids(1, 16), ids(1, 7));

    private static HookedTransformer induction;

    @BeforeAll
    static void build() {
        induction = InductionModel.create();
    }

    @AfterAll
    static void close() {
        induction.close();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void inTheInductionModelExactlyTheTwoHeadsOfTheCircuitCarryEverything(Mode mode) {
        PatchFindings found = run(induction, corrupt(), PatchSite.HEAD_Z, mode);

        assertThat(found.clean()).isCloseTo(10, within(1e-5));
        assertThat(found.corrupt()).isCloseTo(0, within(1e-5));
        for (int l = 0; l < 2; l++) {
            for (int h = 0; h < 4; h++) {
                boolean circuit = (l == 0 && h == 1) || (l == 1 && h == 2);
                assertThat(found.effect().grid().at(l, h))
                        .as("%s %d.%d", mode, l, h)
                        .isCloseTo(circuit ? 1 : 0, within(1e-6));
            }
        }
    }

    @Test
    void thePreviousTokenHeadMattersOnlyAtThePositionBehindTheChange() {
        PatchFindings found = run(induction, corrupt(), PatchSite.HEAD_Z_BY_POS, Mode.DENOISE);

        for (int p = 0; p < CLEAN.length; p++) {
            assertThat(found.effect().grid().at(0, p, 1)).as("position %d", p).isCloseTo(p == 8 ? 1 : 0, within(1e-6));
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "AB, HEAD_Z, 1", "AB, HEAD_Q, 1", "AB, HEAD_K, 0", "AB, HEAD_V, 0", "AB, HEAD_PATTERN, 1",
        "BA, HEAD_Z, 1", "BA, HEAD_Q, 0", "BA, HEAD_K, 0", "BA, HEAD_V, 0", "BA, HEAD_PATTERN, 0",
        "BB, HEAD_Z, 1", "BB, HEAD_Q, 0", "BB, HEAD_K, 0", "BB, HEAD_V, 1", "BB, HEAD_PATTERN, 0",
        "BC, HEAD_Z, 1", "BC, HEAD_Q, 0", "BC, HEAD_K, 0", "BC, HEAD_V, 0", "BC, HEAD_PATTERN, 0"
    })
    void whichInputOfTheInductionHeadCarriesTheAnswerDependsOnWhichHalfIsCorrupt(
            String halves, PatchSite site, double expected) {
        int[] clean = sentence(ids(1, 8), ids(1, 4));
        int[] corrupt = sentence(half(halves.charAt(0), 8), half(halves.charAt(1), 4));
        Parameters parameters =
                new Parameters(prompt(clean), prompt(corrupt), prompt(5), prompt(8), site, Mode.DENOISE);

        PatchFindings found = PATCHING.run(IdContexts.of(induction), parameters, Progress.none());

        assertThat(found.effect().grid().at(1, 2)).isCloseTo(expected, within(1e-5));
    }

    @ParameterizedTest
    @CsvSource({"DENOISE, 1", "NOISE, 0"})
    void redundantHeadsAreFoundByDenoisingOnly(Mode mode, double expected) {
        try (HookedTransformer model = OrModel.create()) {
            Parameters parameters = new Parameters(
                    prompt(2, 1, 2), prompt(2, 2, 2), prompt(OrModel.YES), prompt(OrModel.NO), PatchSite.HEAD_Z, mode);

            GridPanel effect = PATCHING.run(IdContexts.of(model), parameters, Progress.none())
                    .effect();

            assertThat(effect.grid().toArray()).containsExactly(new double[] {expected, expected, 0}, within(1e-6));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HEAD_K", "HEAD_V"})
    void keysAndValuesHaveOneColumnPerKeyValueHead(PatchSite site) {
        try (HookedTransformer model = GqaModel.create()) {
            Parameters parameters = new Parameters(
                    prompt(1, 2, 3, 4, 5), prompt(6, 2, 3, 4, 5), prompt(1), prompt(6), site, Mode.DENOISE);

            Axis heads = PATCHING.run(IdContexts.of(model), parameters, Progress.none())
                    .effect()
                    .grid()
                    .axes()
                    .get(1);

            assertThat(heads).isEqualTo(Axis.kvHeads(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama"})
    void residualStreamGridAgreesWithTheReference(String family) {
        agrees(family, PatchSite.RESID_PRE, "patch.resid_pre");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama"})
    void headGridAgreesWithTheReference(String family) {
        agrees(family, PatchSite.HEAD_Z, "patch.head_z");
    }

    private static void agrees(String family, PatchSite site, String tensor) {
        TinyReference reference = TinyReference.of(family);
        Parameters parameters = new Parameters(
                reference.prompt("clean_ids"),
                reference.prompt("corrupt_ids"),
                prompt(reference.info().get("patching").get("a").asInt()),
                prompt(reference.info().get("patching").get("b").asInt()),
                site,
                Mode.DENOISE);
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            double[] effects = PATCHING.run(IdContexts.of(model), parameters, Progress.none())
                    .effect()
                    .grid()
                    .toArray();
            assertThat(effects).containsExactly(reference.values(tensor), within(reference.tolerance("patch_effects")));
        }
    }

    @Test
    void theGridIsThatOfThePlainLoop() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(new Dims(2, 4, 2, 16, 4, 24, 16, 31)), 3)) {
            int[] clean = {1, 2, 3, 4, 5, 6};
            int[] corrupt = {1, 9, 3, 4, 8, 6};
            Parameters parameters = new Parameters(
                    prompt(clean), prompt(corrupt), prompt(7), prompt(11), PatchSite.HEAD_V_BY_POS, Mode.NOISE);

            PatchFindings found = PATCHING.run(IdContexts.of(model), parameters, Progress.none());

            assertThat(found.patched().grid().toArray())
                    .containsExactly(plainLoop(model, clean, corrupt), within(1e-5));
        }
    }

    private static double[] plainLoop(HookedTransformer model, int[] clean, int[] corrupt) {
        HookSite[] sites = {HookSite.of(SiteKind.V, 0), HookSite.of(SiteKind.V, 1)};
        List<SweepCell> cells = new ArrayList<>();
        try (RunResult source =
                model.run(RunRequest.of(TokenBatch.of(corrupt)).capture(sites).build())) {
            for (HookSite site : sites) {
                for (int p = 0; p < clean.length; p++) {
                    for (int kv = 0; kv < 2; kv++) {
                        cells.add(SweepCell.of(new Intervention.Patch(site, Region.headAt(kv, p), source.cache())));
                    }
                }
            }
            return new PlainLoop(model, TokenBatch.of(clean), List.of())
                    .run(cells, new LogitDifference(7, 11))
                    .values();
        }
    }

    @Test
    void promptsOfUnequalLengthAreRefusedWithThePlaceWhereTheyPart() {
        Parameters parameters = new Parameters(
                prompt(1, 2, 3), prompt(1, 5, 2, 3), prompt(1), prompt(2), PatchSite.RESID_PRE, Mode.DENOISE);

        assertThatThrownBy(() -> PATCHING.run(IdContexts.of(induction), parameters, Progress.none()))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("clean has 3")
                .hasMessageContaining("corrupt has 4")
                .hasMessageContaining("position 1: 't2' against 't5'");
    }

    @Test
    void aGapOfNothingIsRefused() {
        assertThatThrownBy(() -> run(induction, CLEAN, PatchSite.RESID_PRE, Mode.DENOISE))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("less than 1.0E-4 apart");
    }

    @Test
    void aSiteThatTheModelLacksIsRefused() {
        assertThatThrownBy(() -> run(induction, corrupt(), PatchSite.MLP_OUT, Mode.DENOISE))
                .isInstanceOf(UnknownSiteException.class)
                .hasMessageContaining("hook_mlp_out");
    }

    @Test
    void receiptsCountTheCellsThatChangedNothing() {
        PatchFindings found = run(induction, corrupt(), PatchSite.HEAD_Z_BY_POS, Mode.DENOISE);

        assertThat(found.receipts()).singleElement().satisfies(receipt -> {
            assertThat(receipt.site()).isEqualTo("blocks.*.attn.hook_z");
            assertThat(receipt.fired()).isEqualTo(2L * 4 * CLEAN.length);
            assertThat(receipt.effect()).contains("changed nothing");
        });
    }

    @Test
    void aStoppedSweepGoesOnWhereItWasAndGivesTheSameGrid() {
        Memory journal = new Memory();
        var context = IdContexts.of(induction, List.of(), journal);
        StopAfter stop = new StopAfter(1);
        assertThatThrownBy(() -> PATCHING.run(context, parameters(corrupt(), PatchSite.HEAD_Z_BY_POS), stop))
                .isInstanceOf(CancelledException.class);
        int kept = journal.cells();
        assertThat(kept).isBetween(1, 2 * 4 * CLEAN.length - 1);

        PatchFindings resumed = PATCHING.run(context, parameters(corrupt(), PatchSite.HEAD_Z_BY_POS), Progress.none());

        assertThat(resumed.receipts().get(0).effect()).contains(kept + " kept from an earlier attempt");
        assertThat(resumed.effect())
                .isEqualTo(run(induction, corrupt(), PatchSite.HEAD_Z_BY_POS, Mode.DENOISE)
                        .effect());
    }

    @Test
    void aPartialGridIsShownWithGapsForWhatIsMissing() {
        StopAfter stop = new StopAfter(1);
        assertThatThrownBy(() ->
                        PATCHING.run(IdContexts.of(induction), parameters(corrupt(), PatchSite.HEAD_Z_BY_POS), stop))
                .isInstanceOf(CancelledException.class);

        GridPanel first = (GridPanel) stop.panels.get(0);
        assertThat(first.title()).isEqualTo(ActivationPatching.EFFECT);
        assertThat(first.grid().computed()).isBetween(1, first.grid().size() - 1);
    }

    @Test
    void nothingStaysBehindInTheModel() {
        int before = induction.ownedResources();

        run(induction, corrupt(), PatchSite.HEAD_Z, Mode.DENOISE);
        assertThatThrownBy(() -> run(induction, CLEAN, PatchSite.HEAD_Z, Mode.DENOISE))
                .isInstanceOf(HeadscopeException.class);

        assertThat(induction.ownedResources()).isEqualTo(before);
    }

    private static PatchFindings run(HookedTransformer model, int[] corrupt, PatchSite site, Mode mode) {
        Parameters parameters =
                new Parameters(prompt(CLEAN), prompt(corrupt), prompt(RIGHT), prompt(WRONG), site, mode);
        return PATCHING.run(IdContexts.of(model), parameters, Progress.none());
    }

    private static Parameters parameters(int[] corrupt, PatchSite site) {
        return new Parameters(prompt(CLEAN), prompt(corrupt), prompt(RIGHT), prompt(WRONG), site, Mode.DENOISE);
    }

    /** The token whose successor is asked for is another one in the first copy. */
    private static int[] corrupt() {
        int[] ids = CLEAN.clone();
        ids[7] = 30;
        return ids;
    }

    private static int[] half(char name, int count) {
        return ids(1 + (name - 'A') * 8, count);
    }

    private static int[] ids(int from, int count) {
        return IntStream.range(from, from + count).toArray();
    }

    private static int[] sentence(int[] first, int[] second) {
        return IntStream.concat(IntStream.of(0), IntStream.concat(IntStream.of(first), IntStream.of(second)))
                .toArray();
    }

    /** Asks to stop once some cells are done. */
    private static final class StopAfter implements Progress {
        private final int cells;
        private final List<Panel> panels = new ArrayList<>();
        private long done;

        private StopAfter(int cells) {
            this.cells = cells;
        }

        @Override
        public void report(long finished, long total, String message) {
            done = finished;
        }

        @Override
        public boolean isCancelled() {
            return done >= cells;
        }

        @Override
        public void partial(Panel panel) {
            panels.add(panel);
        }
    }

    /** A journal that remembers. */
    private static final class Memory implements SweepJournal {
        private final List<Batch> batches = new ArrayList<>();

        @Override
        public List<Batch> stored(String sweep) {
            return List.copyOf(batches);
        }

        @Override
        public void store(String sweep, Batch batch) {
            batches.add(batch);
        }

        private int cells() {
            return batches.stream().mapToInt(batch -> batch.values().size()).sum();
        }
    }
}
