package org.headscope.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.Families;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.Panels;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.handbuilt.PlantedSinkModel;
import org.headscope.hooks.handbuilt.PlantedSinkModel.Planted;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.handbuilt.SinkModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class SinkDecayTest {
    private static final int LAYERS = 6;
    private static final int WEIGHT = 30;
    private static final int TOKENS = 20;
    private static final int[] IDS =
            IntStream.range(0, TOKENS).map(i -> i % PlantedSinkModel.VOCAB).toArray();

    /** Without the MLP that makes the sink, weight / (weight + t) becomes 1 / (1 + t) in the one head that followed it. */
    @Test
    void skippingTheMlpThatMakesTheSinkHasTheDecayOfTheClosedForm() {
        try (HookedTransformer model = planted()) {
            Findings found = run(model, List.of(), List.of(1));

            double ratios = 0;
            double before = 0;
            double after = 0;
            for (int t = 1; t < TOKENS; t++) {
                double p = (double) WEIGHT / (WEIGHT + t);
                double q = 1.0 / (1 + t);
                ratios += (q / p + 1) / 2 / (TOKENS - 1);
                before += p + q;
                after += 2 * q;
            }
            double[] mean = Panels.line(found, SinkDecay.DECAY, 0);
            double[] pooled = Panels.line(found, SinkDecay.DECAY, 1);
            for (int l = 0; l < LAYERS; l++) {
                assertThat(mean[l]).isCloseTo(l < 2 ? 0 : 1 - ratios, within(1e-5));
                assertThat(pooled[l]).isCloseTo(l < 2 ? 0 : 1 - after / before, within(1e-5));
            }
        }
    }

    @Test
    void otherMlpsAndHeadsThatWriteNothingChangeNothing() {
        try (HookedTransformer model = planted()) {
            Findings found = run(model, List.of("2.0"), List.of(3));

            assertThat(Panels.line(found, SinkDecay.DECAY, 0)).containsExactly(new double[LAYERS], within(1e-9));
            Table chance = Panels.table(found, SinkDecay.CHANCE);
            assertThat((double) chance.rows().get(0).get(0)).isCloseTo(0, within(1e-9));
            assertThat((double) chance.rows().get(0).get(2))
                    .as("p of doing nothing")
                    .isEqualTo(1);
        }
    }

    @Test
    void theMlpThatMakesTheSinkIsToldFromRandomOnes() {
        try (HookedTransformer model = planted()) {
            Findings found = run(model, List.of(), List.of(1));

            List<Object> chance = Panels.table(found, SinkDecay.CHANCE).rows().get(0);
            assertThat((double) chance.get(1)).as("other MLPs do nothing").isCloseTo(0, within(1e-9));
            assertThat(chance.get(3))
                    .as("there are five other MLPs, so not nine controls")
                    .isEqualTo(5L);
            assertThat((double) chance.get(2)).isCloseTo(1 / 6.0, within(1e-12));
            assertThat(found.receipts()).singleElement().satisfies(receipt -> assertThat(receipt.label())
                    .isEqualTo("skip mlp 1"));
        }
    }

    /** What happens behind a layer cannot change the attention before it. */
    @ParameterizedTest
    @MethodSource("families")
    void layersUpToTheEditKeepTheirAttention(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 5)) {
            int[] ids = IntStream.range(0, TOKENS).map(i -> (7 * i + 3) % 40).toArray();
            var parameters = new SinkDecay.Parameters(
                    List.of("1.2"), List.of(1), List.of(0, 1), prompt(ids), 1, TOKENS, false, 2);

            Findings found = new SinkDecay().run(IdContexts.of(model), parameters, Progress.none());

            double[] mean = Panels.line(found, SinkDecay.DECAY, 0);
            assertThat(mean[0]).isZero();
            assertThat(mean[1]).isZero();
            assertThat(Math.abs(mean[2])).isGreaterThan(1e-4);
        }
    }

    static Stream<ModelConfig> families() {
        return Families.all(3);
    }

    @Test
    void partsThatAModelDoesNotHaveAreRefused() {
        try (HookedTransformer model = planted();
                HookedTransformer attentionOnly = SinkModel.create(2)) {
            assertThatThrownBy(() -> run(model, List.of(), List.of(LAYERS)))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("layers from 0 to 5");
            assertThatThrownBy(() -> run(attentionOnly, List.of(), List.of()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("no MLPs to skip");
        }
    }

    private static HookedTransformer planted() {
        return PlantedSinkModel.create(LAYERS, WEIGHT, List.of(new Planted(0, 1, LAYERS)));
    }

    private static Findings run(HookedTransformer model, List<String> heads, List<Integer> mlps) {
        var parameters = new SinkDecay.Parameters(heads, mlps, List.of(0), prompt(IDS), 1, TOKENS, false, 9);
        Findings found = new SinkDecay().run(IdContexts.of(model), parameters, Progress.none());
        int before = model.ownedResources();
        new SinkDecay().run(IdContexts.of(model), parameters, Progress.none());
        assertThat(model.ownedResources()).isEqualTo(before);
        return found;
    }
}
