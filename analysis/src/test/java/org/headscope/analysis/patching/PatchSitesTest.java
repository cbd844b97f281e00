package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.patching.ActivationPatching.Parameters;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomFamily;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.sweep.LogitDifference;
import org.headscope.hooks.sweep.PlainLoop;
import org.headscope.hooks.sweep.SweepCell;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every patching function of TransformerLens: result shapes, and one whole forward pass per cell as the oracle. */
@Tag("engine")
class PatchSitesTest {
    private static final Dims DIMS = new Dims(2, 4, 4, 16, 4, 24, 12, 31);
    private static final int[] CLEAN = {1, 2, 3, 4, 5};
    private static final int[] CORRUPT = {1, 9, 3, 8, 5};
    private static final int RIGHT = 7;
    private static final int WRONG = 11;

    static Stream<Arguments> sitesOfModels() {
        return Stream.of(RandomFamily.GPT2, RandomFamily.LLAMA, RandomFamily.GPT_NEOX)
                .flatMap(family -> Stream.of(PatchSite.values()).map(site -> Arguments.of(family, site)))
                // A parallel block has no stream between attention and MLP.
                .filter(pair -> pair.get()[0] != RandomFamily.GPT_NEOX || pair.get()[1] != PatchSite.RESID_MID);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("sitesOfModels")
    void bothDirectionsAreThoseOfThePlainLoopInTheShapeOfTransformerLens(RandomFamily family, PatchSite site) {
        try (HookedTransformer model = family.create(DIMS, 3)) {
            for (Mode mode : Mode.values()) {
                PatchFindings found = run(
                        model,
                        new Parameters(prompt(CLEAN), prompt(CORRUPT), prompt(RIGHT), prompt(WRONG), site, mode));

                double[] expected = plainLoop(model, site, mode);
                assertThat(found.patched().grid().shape()).isEqualTo(shape(site, model));
                assertThat(found.patched().grid().toArray()).containsExactly(expected, within(2e-5));
                double here = mode == Mode.DENOISE ? found.corrupt() : found.clean();
                double there = mode == Mode.DENOISE ? found.clean() : found.corrupt();
                assertThat(found.effect().grid().toArray())
                        .containsExactly(
                                Arrays.stream(expected)
                                        .map(value -> (value - here) / (there - here))
                                        .toArray(),
                                within(1e-4));
                assertThat(Arrays.stream(expected).distinct().count()).isGreaterThan(3);
            }
        }
    }

    /** The table of TransformerLens' patching functions; keys and values have their true columns. */
    private static int[] shape(PatchSite site, HookedTransformer model) {
        Dims d = model.config().dims();
        int length = CLEAN.length;
        return switch (site) {
            case RESID_PRE, RESID_MID, ATTN_OUT, MLP_OUT -> new int[] {d.layers(), length};
            case HEAD_Z, HEAD_Q, HEAD_PATTERN -> new int[] {d.layers(), d.heads()};
            case HEAD_K, HEAD_V -> new int[] {d.layers(), d.kvHeads()};
            case HEAD_Z_BY_POS, HEAD_Q_BY_POS -> new int[] {d.layers(), length, d.heads()};
            case HEAD_K_BY_POS, HEAD_V_BY_POS -> new int[] {d.layers(), length, d.kvHeads()};
            case HEAD_PATTERN_BY_POS -> new int[] {d.layers(), d.heads(), length};
            case HEAD_PATTERN_DEST_SRC -> new int[] {d.layers(), d.heads(), length, length};
        };
    }

    private static double[] plainLoop(HookedTransformer model, PatchSite site, Mode mode) {
        TokenBatch base = TokenBatch.of(mode == Mode.DENOISE ? CORRUPT : CLEAN);
        TokenBatch other = TokenBatch.of(mode == Mode.DENOISE ? CLEAN : CORRUPT);
        HookSite[] sites = {HookSite.of(site.kind(), 0), HookSite.of(site.kind(), 1)};
        List<SweepCell> cells = new ArrayList<>();
        try (RunResult source = model.run(RunRequest.of(other).capture(sites).build())) {
            for (HookSite at : sites) {
                for (Region region : regions(site, model.config().dims())) {
                    cells.add(SweepCell.of(new Intervention.Patch(at, region, source.cache())));
                }
            }
            return new PlainLoop(model, base, List.of())
                    .run(cells, new LogitDifference(RIGHT, WRONG))
                    .values();
        }
    }

    private static List<Region> regions(PatchSite site, Dims dims) {
        boolean kv = site.kind() == SiteKind.K || site.kind() == SiteKind.V;
        List<Region> regions = new ArrayList<>();
        for (int p = 0; p < CLEAN.length; p++) {
            if (shapeOfPositions(site)) {
                regions.add(Region.position(p));
            }
        }
        for (int outer = 0; !shapeOfPositions(site) && outer < outer(site, dims, kv); outer++) {
            for (int inner = 0; inner < inner(site, dims, kv); inner++) {
                switch (site) {
                    case HEAD_PATTERN_BY_POS -> regions.add(Region.headAt(outer, inner));
                    case HEAD_PATTERN_DEST_SRC ->
                        regions.add(
                                new Region(Set.of(outer), Set.of(inner / CLEAN.length), Set.of(inner % CLEAN.length)));
                    case HEAD_Z, HEAD_Q, HEAD_K, HEAD_V, HEAD_PATTERN -> regions.add(Region.head(inner));
                    default -> regions.add(Region.headAt(inner, outer));
                }
            }
        }
        return regions;
    }

    private static boolean shapeOfPositions(PatchSite site) {
        return Set.of(PatchSite.RESID_PRE, PatchSite.RESID_MID, PatchSite.ATTN_OUT, PatchSite.MLP_OUT)
                .contains(site);
    }

    private static int outer(PatchSite site, Dims dims, boolean kv) {
        return switch (site) {
            case HEAD_PATTERN_BY_POS, HEAD_PATTERN_DEST_SRC -> dims.heads();
            case HEAD_Z, HEAD_Q, HEAD_K, HEAD_V, HEAD_PATTERN -> 1;
            default -> CLEAN.length;
        };
    }

    private static int inner(PatchSite site, Dims dims, boolean kv) {
        return switch (site) {
            case HEAD_PATTERN_BY_POS -> CLEAN.length;
            case HEAD_PATTERN_DEST_SRC -> CLEAN.length * CLEAN.length;
            default -> kv ? dims.kvHeads() : dims.heads();
        };
    }

    /** Ones that no query can see are not run at all: half of them, and more behind a window. */
    @ParameterizedTest
    @EnumSource(names = {"LLAMA", "MISTRAL"})
    void onlyPairsOfPositionsThatAttentionJoinsAreRun(RandomFamily family) {
        int[] clean = {1, 2, 3, 4, 5, 6, 7, 8};
        int[] corrupt = {1, 9, 3, 4, 5, 6, 7, 8};
        try (HookedTransformer model = family.create(DIMS, 3)) {
            PatchFindings found = run(
                    model,
                    new Parameters(
                            prompt(clean),
                            prompt(corrupt),
                            prompt(RIGHT),
                            prompt(WRONG),
                            PatchSite.HEAD_PATTERN_DEST_SRC,
                            Mode.DENOISE));

            int window = family == RandomFamily.MISTRAL ? 5 : 8;
            int reached = 0;
            for (int q = 0; q < 8; q++) {
                for (int k = 0; k < 8; k++) {
                    boolean sees = k <= q && k > q - window;
                    reached += sees ? 1 : 0;
                    if (!sees) {
                        assertThat(found.effect().grid().at(1, 2, q, k)).isZero();
                    }
                }
            }
            assertThat(found.receipts().get(0).fired()).isEqualTo(2L * 4 * reached);
        }
    }

    /** The second head finds the answer by one look; the corrupt run looks everywhere alike, at the foil among others. */
    @Test
    void inTheInductionModelOneLookOfTheSecondHeadCarriesTheAnswer() {
        int[] clean = InductionSentences.clean();
        int[] corrupt = InductionSentences.oneKeyChanged();
        try (HookedTransformer model = InductionModel.create()) {
            PatchFindings found = run(
                    model,
                    new Parameters(
                            prompt(clean),
                            prompt(corrupt),
                            prompt(8),
                            prompt(12),
                            PatchSite.HEAD_PATTERN_DEST_SRC,
                            Mode.NOISE,
                            List.of(1),
                            List.of(2)));

            int last = clean.length - 1;
            for (int q = 0; q < clean.length; q++) {
                for (int k = 0; k < clean.length; k++) {
                    double expected = q < last ? 0 : k == 8 ? 23 / 24.0 : k == 12 ? 1 / 24.0 : 0;
                    assertThat(found.effect().grid().at(1, 2, q, k))
                            .as("%d to %d", q, k)
                            .isCloseTo(expected, within(1e-5));
                }
            }
        }
    }

    @Test
    void aRangeComputesItsCellsAndLeavesTheOthersOpen() {
        try (HookedTransformer model = RandomFamily.LLAMA.create(DIMS, 3)) {
            PatchFindings whole = run(model, range(PatchSite.HEAD_K_BY_POS, List.of(), List.of()));
            PatchFindings part = run(model, range(PatchSite.HEAD_K_BY_POS, List.of(1), List.of(0)));

            assertThat(part.effect().grid().axes())
                    .isEqualTo(whole.effect().grid().axes());
            for (int l = 0; l < 2; l++) {
                for (int p = 0; p < CLEAN.length; p++) {
                    for (int h = 0; h < 2; h++) {
                        double expected =
                                l == 1 && h == 0 ? whole.effect().grid().at(l, p, h) : Double.NaN;
                        assertThat(part.effect().grid().at(l, p, h)).isCloseTo(expected, within(1e-5));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RESID_PRE", "HEAD_V_BY_POS", "HEAD_PATTERN_BY_POS", "HEAD_PATTERN_DEST_SRC"})
    void chosenPositionsAreThoseOfTheWholeGrid(PatchSite site) {
        try (HookedTransformer model = RandomFamily.LLAMA.create(DIMS, 3)) {
            Grid whole = run(model, at(site, List.of())).effect().grid();
            Grid part = run(model, at(site, List.of(3))).effect().grid();

            int[] index = new int[whole.rank()];
            for (int cell = 0; cell < whole.size(); cell++) {
                int rest = cell;
                boolean chosen = true;
                for (int axis = whole.rank() - 1; axis >= 0; axis--) {
                    index[axis] = rest % whole.axes().get(axis).size();
                    rest /= whole.axes().get(axis).size();
                    String name = whole.axes().get(axis).name();
                    chosen &= index[axis] == 3 || !name.equals(Axis.POSITION) && !name.equals(Axis.QUERY);
                }
                assertThat(part.at(index)).isCloseTo(chosen ? whole.at(index) : Double.NaN, within(1e-5));
            }
        }
    }

    @Test
    void positionsThatAreNotThereAreRefused() {
        try (HookedTransformer model = RandomFamily.LLAMA.create(DIMS, 3)) {
            assertThatThrownBy(() -> run(model, at(PatchSite.RESID_PRE, List.of(5))))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("positions from 0 to 4");
            assertThatThrownBy(() -> run(model, at(PatchSite.HEAD_Z, List.of(1))))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("all positions at once");
        }
    }

    private static Parameters at(PatchSite site, List<Integer> positions) {
        return new Parameters(
                prompt(CLEAN),
                prompt(CORRUPT),
                prompt(RIGHT),
                prompt(WRONG),
                site,
                Mode.DENOISE,
                List.of(),
                List.of(),
                positions);
    }

    @Test
    void theEstimateKeepsToTheSameRange() {
        try (HookedTransformer model = RandomFamily.LLAMA.create(DIMS, 3)) {
            Parameters parameters = range(PatchSite.HEAD_Z, List.of(0), List.of(3));

            PatchFindings estimated = new AttributionPatching().run(IdContexts.of(model), parameters, Progress.none());

            assertThat(estimated.effect().grid().computed()).isEqualTo(1);
            assertThat(estimated.effect().grid().at(0, 3)).isFinite();
        }
    }

    @Test
    void aRangeOutsideTheModelIsRefused() {
        try (HookedTransformer model = RandomFamily.LLAMA.create(DIMS, 3)) {
            assertThatThrownBy(() -> run(model, range(PatchSite.HEAD_Z, List.of(2), List.of())))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("layers from 0 to 1");
            assertThatThrownBy(() -> run(model, range(PatchSite.HEAD_V, List.of(), List.of(2))))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("key-value heads from 0 to 1");
            assertThatThrownBy(() -> run(model, range(PatchSite.RESID_PRE, List.of(), List.of(0))))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("no heads");
        }
    }

    @Test
    void patternsByPositionAreOrderedAsTransformerLensOrdersThem() {
        try (HookedTransformer model = RandomFamily.GPT2.create(DIMS, 3)) {
            PatchFindings found = run(model, range(PatchSite.HEAD_PATTERN_BY_POS, List.of(), List.of()));

            assertThat(found.effect().grid().axes()).extracting(Axis::name).containsExactly("layer", "head", "query");
        }
    }

    private static Parameters range(PatchSite site, List<Integer> layers, List<Integer> heads) {
        return new Parameters(
                prompt(CLEAN), prompt(CORRUPT), prompt(RIGHT), prompt(WRONG), site, Mode.DENOISE, layers, heads);
    }

    private static PatchFindings run(HookedTransformer model, Parameters parameters) {
        return new ActivationPatching().run(IdContexts.of(model), parameters, Progress.none());
    }
}
