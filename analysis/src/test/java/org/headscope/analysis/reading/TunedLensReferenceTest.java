package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.generate.GenerationRequest;
import org.headscope.hooks.generate.Generator;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The tuned lens over the shipped model, with its own examples. */
@Tag("engine")
class TunedLensReferenceTest {
    private static final Path SHIPPED = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");

    /** KL and agreement of 64 greedy tokens were computed with transformers in float64. */
    @Test
    void theLogitLensOfATrainedModelIsAsFarFromItAsKnown() {
        Path folder = Path.of(System.getProperty("headscope.reference", ""), "models", "stories260K", "hf");
        Assumptions.assumeTrue(Files.exists(folder), "reference data 'models/stories260K/hf' is absent");
        try (HookedTransformer model = ModelLoader.load(folder)) {
            int[] said = new Generator(model)
                    .run(GenerationRequest.greedy(new int[] {1}, 63))
                    .ids();
            int[] ids = IntStream.concat(IntStream.of(1), IntStream.of(said)).toArray();
            try (StreamData data = StreamData.of(IdContexts.of(model), List.of(ids), false, Progress.none())) {
                LensDistance distance = LensDistance.of(model, data, List.of(), 1, Progress.none());

                double[] nats = distance.bits().stream()
                        .mapToDouble(one -> one.mean() * Math.log(2))
                        .toArray();
                assertThat(nats).containsExactly(new double[] {21.058, 10.869, 4.796, 2.262, 0.820, 0}, within(2e-3));
                assertThat(distance.agreement()).containsExactly(0.0, 1 / 64.0, 2 / 64.0, 16 / 64.0, 37 / 64.0, 1.0);
            }
        }
    }

    @Test
    void readsTheShippedModelEarlierThanTheLogitLens() {
        try (HookedTransformer model = ModelLoader.load(SHIPPED)) {
            int[] ids = Objects.requireNonNull(model.tokenizer())
                    .encode("The capital of France is", BosPolicy.AUTO)
                    .ids();
            Findings found = new TunedLens()
                    .run(
                            IdContexts.of(model),
                            new TunedLens.Parameters(
                                    IdContexts.prompt(ids), null, null, null, 64, 3000, 60, 256, 0.003),
                            Progress.none());

            List<List<Object>> rows = ((Table) found.panels().get(1)).rows();
            assertThat(rows).hasSize(7);
            for (int row = 1; row < 6; row++) {
                double before = (double) rows.get(row).get(1);
                assertThat((double) rows.get(row).get(2)).as("row %d", row).isLessThan(0.8 * before);
            }
            assertThat((double) rows.get(6).get(2)).isZero();
        }
    }
}
