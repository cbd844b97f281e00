package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.Families;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.Panels;
import org.headscope.analysis.detect.SecondarySinks.Parameters;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.handbuilt.PlantedSinkModel;
import org.headscope.hooks.handbuilt.PlantedSinkModel.Planted;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.handbuilt.SinkModel;
import org.headscope.hooks.run.HookScope;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class SecondarySinksTest {
    private static final int LAYERS = 10;
    /* Position 7 and position 12 hold the same token; only 7 becomes a sink. */
    private static final int[] IDS = {0, 1, 2, 4, 5, 6, 7, 3, 1, 2, 4, 5, 3, 6, 7, 1, 2, 4, 5, 6};
    private static final List<Planted> PLANTED =
            List.of(new Planted(0, 1, 9), new Planted(7, 4, 7), new Planted(9, 2, 9), new Planted(15, 5, 6));

    @Test
    void everyPlantedSinkIsFoundWithItsFirstLayerItsLifetimeAndItsKind() {
        try (HookedTransformer model = PlantedSinkModel.create(LAYERS, 20, PLANTED)) {
            Table sinks = Panels.table(run(model, IDS), SinkReport.SINKS);

            assertThat(sinks.rows())
                    .extracting(row -> List.of(row.get(1), row.get(3), row.get(4), row.get(5)))
                    .containsExactly(
                            List.of(0L, "primary", 1L, 8L),
                            List.of(7L, "secondary", 4L, 3L),
                            List.of(9L, "BOS-like", 2L, 7L),
                            List.of(15L, "noise", 5L, 1L));
        }
    }

    @Test
    void levelsCountSinksOfEqualFirstLayerAndLifetimeWithoutNoise() {
        List<Planted> twins =
                List.of(new Planted(0, 1, 9), new Planted(5, 4, 7), new Planted(8, 4, 7), new Planted(11, 3, 7));
        try (HookedTransformer model = PlantedSinkModel.create(LAYERS, 20, twins)) {
            assertThat(Panels.table(run(model, IDS), SinkReport.LEVELS).rows())
                    .containsExactly(
                            List.of(3L, 4L, "secondary", 1L, Math.log1p(1)),
                            List.of(4L, 3L, "secondary", 2L, Math.log1p(2)));
        }
    }

    /** The sink head gives living sinks 20 times the attention of other positions. */
    @Test
    void theSinkScoreIsTheAttentionOfLaterTokens() {
        int weight = 20;
        try (HookedTransformer model = PlantedSinkModel.create(LAYERS, weight, PLANTED)) {
            List<Object> row =
                    Panels.table(run(model, IDS), SinkReport.SINKS).rows().get(1);

            double max = 0;
            double mean = 0;
            for (int layer = 5; layer <= 7; layer++) {
                int l = layer;
                double head = 0;
                double uniform = 0;
                for (int q = 8; q < IDS.length; q++) {
                    int query = q;
                    long alive = PLANTED.stream()
                            .filter(sink -> sink.position() <= query && sink.from() < l && l <= sink.to())
                            .count();
                    head += (double) weight / (weight * alive + (q + 1 - alive)) / (IDS.length - 8);
                    uniform += 1.0 / (q + 1) / (IDS.length - 8);
                }
                max = Math.max(max, head);
                mean += (head + uniform) / 2 / 3;
            }
            assertThat((double) row.get(7)).isCloseTo(mean, within(1e-5));
            assertThat((double) row.get(8)).isCloseTo(max, within(1e-5));
        }
    }

    @Test
    void onlyTheLastStageOfTheMlpThatMakesTheSinkAgrees() {
        try (HookedTransformer model = PlantedSinkModel.create(LAYERS, 20, PLANTED)) {
            Table stages = Panels.table(run(model, IDS), SinkReport.STAGES);

            List<Object> sink = stages.rows().get(0);
            assertThat(sink.subList(0, 4)).containsExactly("t3 at 7 of sequence 0", "secondary", 4L, 1L);
            assertThat((double) sink.get(4)).as("input").isLessThan(0.1);
            assertThat((double) sink.get(10)).as("down against the primary").isGreaterThan(0.999);
            List<Object> control = stages.rows().get(1);
            assertThat(control.subList(1, 4)).containsExactly("same token, no sink", 4L, 1L);
            assertThat((double) control.get(10))
                    .as("an MLP that writes nothing")
                    .isNaN();
        }
    }

    /** The state is pushed from outside, in models where nothing is known about the rest. */
    @ParameterizedTest
    @MethodSource("families")
    void aSinkInjectedIntoAnyModelIsFoundExactlyWhereItWasPut(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 5);
                HookScope hooks = model.hooks().open()) {
            int[] ids = IntStream.range(0, 24).map(i -> (11 * i + 5) % 40).toArray();
            inject(hooks, new Planted(0, 1, 8), config.dims());
            inject(hooks, new Planted(13, 3, 6), config.dims());

            Table sinks = Panels.table(run(model, ids), SinkReport.SINKS);

            assertThat(sinks.rows())
                    .extracting(row -> List.of(row.get(1), row.get(3), row.get(4), row.get(5)))
                    .containsExactly(List.of(0L, "primary", 1L, 7L), List.of(13L, "secondary", 3L, 3L));
        }
    }

    static Stream<ModelConfig> families() {
        return Families.all(LAYERS);
    }

    private static void inject(HookScope hooks, Planted sink, Dims dims) {
        for (int sign : new int[] {1, -1}) {
            int layer = sign == 1 ? sink.from() : sink.to();
            hooks.add("inject " + sink + sign, HookSite.of(SiteKind.RESID_POST, layer), (value, point) -> {
                int length = (int) value.getShape().get(1);
                float[] push = new float[length * dims.dModel()];
                for (int i = 0; i < dims.dModel(); i++) {
                    push[sink.position() * dims.dModel() + i] = sign * 1000 * (i % 3 - 1);
                }
                NDArray added = value.getManager().create(push, new Shape(1, length, dims.dModel()));
                return value.add(added);
            });
        }
    }

    /** What the paper's program calls secondary and BOS-like: Qwen3-4B has 36 layers, the distilled 14B model 48. */
    @ParameterizedTest
    @CsvSource({"18,29,36,SECONDARY", "29,29,36,BOS_LIKE", "43,43,48,BOS_LIKE", "5,43,48,SECONDARY", "4,43,48,NOISE"})
    void theBordersGiveThePublishedCases(int lifetime, int alive, int layers, SinkToken.Kind kind) {
        int code = layers - 15;
        SinkToken.Kind byCode = lifetime >= code
                ? SinkToken.Kind.BOS_LIKE
                : lifetime > 4 ? SinkToken.Kind.SECONDARY : SinkToken.Kind.NOISE;
        assertThat(byCode).isEqualTo(kind);

        assertThat(new SinkToken.Borders(0.75, 0.1).of(lifetime, alive, layers)).isEqualTo(kind);
    }

    /** With 0.6 instead of 0.75 all published secondary sinks of Qwen3-4B, 18 of 29 layers, would be BOS-like. */
    @Test
    void aLowerBorderWouldCallThePublishedSecondarySinksBosLike() {
        assertThat(new SinkToken.Borders(0.6, 0.1).of(18, 29, 36)).isEqualTo(SinkToken.Kind.BOS_LIKE);
    }

    @Test
    void theLifeOfThePrimarySinkRunsFromTheLargestRiseToTheLargestFall() {
        double[][] norms = {{1, 2, 90, 95, 94, 20, 5}, {1, 1, 1, 1, 1, 1, 1}};

        assertThat(SinkLife.of(norms)).isEqualTo(new SinkLife(0, 2, 5));
        assertThat(SinkLife.of(new double[][] {{1, 1, 1, 9}})).isEqualTo(new SinkLife(0, 3, 4));
    }

    @Test
    void modelsWithTooFewLayersAreRefused() {
        try (HookedTransformer model = SinkModel.create(2)) {
            assertThatThrownBy(() -> run(model, IDS))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("with 1 layers a sink cannot begin and end");
        }
    }

    private static Findings run(HookedTransformer model, int[] ids) {
        var parameters = new Parameters(prompt(ids), 5, ids.length, false, 2, 0.9, 0.75, 0.1);
        Findings found = new SecondarySinks().run(IdContexts.of(model), parameters, Progress.none());
        int before = model.ownedResources();
        new SecondarySinks().run(IdContexts.of(model), parameters, Progress.none());
        assertThat(model.ownedResources()).isEqualTo(before);
        return found;
    }
}
