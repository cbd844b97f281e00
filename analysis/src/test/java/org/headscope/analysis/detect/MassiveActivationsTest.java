package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.Families;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.Panels;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.PlantedSinkModel;
import org.headscope.hooks.handbuilt.PlantedSinkModel.Planted;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.handbuilt.SinkModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class MassiveActivationsTest {
    private static final int LAYERS = 6;
    private static final int[] IDS = {0, 1, 2, 4, 5, 6, 7, 3, 1, 2, 4, 5, 3, 6, 7, 1};
    private static final List<Planted> PLANTED = List.of(new Planted(0, 1, 4), new Planted(7, 2, 3));

    @Test
    void plantedActivationsAreFoundInTheirLayersTokensAndChannel() {
        try (HookedTransformer model = PlantedSinkModel.create(LAYERS, 2, PLANTED)) {
            Findings found = massive(model, 100);

            assertThat(Panels.table(found, MassiveActivations.MASSIVE).rows())
                    .extracting(row -> List.of(row.get(0), row.get(2), row.get(4), row.get(5)))
                    .containsExactly(
                            List.of(2L, 0L, (long) PlantedSinkModel.CHANNEL, PlantedSinkModel.SIZE),
                            List.of(3L, 0L, (long) PlantedSinkModel.CHANNEL, PlantedSinkModel.SIZE),
                            List.of(3L, 7L, (long) PlantedSinkModel.CHANNEL, PlantedSinkModel.SIZE),
                            List.of(4L, 0L, (long) PlantedSinkModel.CHANNEL, PlantedSinkModel.SIZE));
        }
    }

    @Test
    void activationsThatDoNotPassTheFloorAreNotMassiveHoweverLargeTheRatio() {
        try (HookedTransformer model = PlantedSinkModel.create(LAYERS, 2, PLANTED)) {
            Findings found = massive(model, PlantedSinkModel.SIZE);

            assertThat(Panels.table(found, MassiveActivations.MASSIVE).rows()).isEmpty();
            assertThat(Panels.line(found, MassiveActivations.MAGNITUDES, 0)).containsExactly(1, 1, 200, 200, 200, 1, 1);
        }
    }

    @ParameterizedTest
    @MethodSource("families")
    void magnitudesAreThoseOfTheSortedStream(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 5)) {
            Findings found = massive(model, 100);

            HookSite last = HookSite.of(SiteKind.RESID_POST, 1);
            try (RunResult run =
                    model.run(RunRequest.of(TokenBatch.of(IDS)).capture(last).build())) {
                float[] flat = run.cache().get(last).toFloatArray();
                double[] sorted = IntStream.range(0, flat.length)
                        .mapToDouble(i -> Math.abs(flat[i]))
                        .sorted()
                        .toArray();
                for (int i = 0; i < 3; i++) {
                    assertThat(Panels.line(found, MassiveActivations.MAGNITUDES, i)[2])
                            .isCloseTo(sorted[sorted.length - 1 - i], within(1e-4));
                }
                assertThat(Panels.line(found, MassiveActivations.MAGNITUDES, 3)[2])
                        .isCloseTo((sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2, within(1e-4));
            }
        }
    }

    static Stream<ModelConfig> families() {
        return Families.all(2);
    }

    /** numpy.percentile(a, 99.5) of these sixteen numbers is 9250.9. */
    @Test
    void ofATableOfExpertsOnlyTheOneThatWasScaledUpIsSuper() {
        double[][] largest = new double[2][8];
        for (int e = 0; e < 8; e++) {
            largest[0][e] = e + 1;
            largest[1][e] = e + 2;
        }
        largest[0][3] = 10_000;
        largest[1][6] = 12;
        var statistic = new SuperExpertStatistic(largest, Set.of(0, 1));

        assertThat(statistic.percentile()).isCloseTo(9250.9, within(1e-9));
        assertThat(statistic.tenth()).isEqualTo(1000);
        for (int l = 0; l < 2; l++) {
            for (int e = 0; e < 8; e++) {
                assertThat(statistic.isSuper(l, e)).isEqualTo(l == 0 && e == 3);
            }
        }
        assertThat(new SuperExpertStatistic(largest, Set.of(1)).isSuper(0, 3))
                .as("in a layer that forms no massive activations")
                .isFalse();
    }

    @Test
    void theMlpThatMakesTheLargestSinkIsFlaggedWithTheWeightThatDoesIt() {
        List<Planted> one = List.of(new Planted(5, 2, 9));
        try (HookedTransformer model = PlantedSinkModel.create(LAYERS, 2, one)) {
            Findings found = analogue(model);

            Table mlps = Panels.table(found, SuperWeightAnalogue.LAYERS);
            assertThat(mlps.rows())
                    .extracting(row -> row.get(9))
                    .containsExactly(false, false, true, false, false, false);
            List<Object> row = mlps.rows().get(2);
            assertThat(row.subList(1, 7)).containsExactly(200.0, 0L, 5L, "t6", (long) PlantedSinkModel.CHANNEL, 0L);
            assertThat((double) row.get(8)).as("weight").isEqualTo(PlantedSinkModel.SIZE);
        }
    }

    /** Taking a sink away writes as much as making it, so neither passes the percentile of all layers. */
    @Test
    void twoMlpsThatWriteEquallyMuchHideEachOther() {
        try (HookedTransformer model = PlantedSinkModel.create(LAYERS, 2, PLANTED)) {
            assertThat(Panels.table(analogue(model), SuperWeightAnalogue.LAYERS).rows())
                    .extracting(row -> row.get(9))
                    .containsOnly(false);
        }
    }

    @Test
    void theFirstThreeQuartersAreRoundedAsPythonDoes() {
        assertThat(SuperWeightAnalogue.early(6)).isEqualTo(Set.of(0, 1, 2, 3));
        assertThat(SuperWeightAnalogue.early(48)).hasSize(36);
    }

    @Test
    void modelsWithoutMlpsAreRefused() {
        try (HookedTransformer model = SinkModel.create(2)) {
            assertThatThrownBy(() -> analogue(model))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("has no MLPs");
        }
    }

    private static Findings massive(HookedTransformer model, double floor) {
        var parameters = new MassiveActivations.Parameters(prompt(IDS), 5, IDS.length, false, floor, 1000);
        Findings found = new MassiveActivations().run(IdContexts.of(model), parameters, Progress.none());
        int before = model.ownedResources();
        new MassiveActivations().run(IdContexts.of(model), parameters, Progress.none());
        assertThat(model.ownedResources()).isEqualTo(before);
        return found;
    }

    private static Findings analogue(HookedTransformer model) {
        var parameters = new SuperWeightAnalogue.Parameters(
                prompt(IDS), 5, IDS.length, false, SuperWeightAnalogue.Forming.MEASURED, 100, 1000);
        Findings found = new SuperWeightAnalogue().run(IdContexts.of(model), parameters, Progress.none());
        int before = model.ownedResources();
        new SuperWeightAnalogue().run(IdContexts.of(model), parameters, Progress.none());
        assertThat(model.ownedResources()).isEqualTo(before);
        return found;
    }
}
