package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.TinyReference;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.TokenSeries;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class ReadingTest {
    /** BOS, sixteen tokens, and the first seven again: token 8 is next. */
    private static final int[] REPEATING = IntStream.concat(IntStream.rangeClosed(0, 16), IntStream.rangeClosed(1, 7))
            .toArray();

    @Test
    void lossesOfAllTokensAgreeWithTheReference() {
        TinyReference reference = TinyReference.of("gpt2");
        int[] ids = TinyReference.ids(reference.info().get("input_ids").get(0));
        try (HookedTransformer model = ModelLoader.load(reference.folder())) {
            Grid series = ((TokenSeries) predictions(model, ids, 3).panels().get(0)).grid();

            double[] expected = reference.values("loss_per_token");
            assertThat(series.at(0, 0)).isNaN();
            for (int p = 1; p < ids.length; p++) {
                assertThat(series.at(0, p)).as("position %d", p).isCloseTo(expected[p - 1], within(1e-4));
            }
        }
    }

    @Test
    void theLikeliestTokenAfterARepetitionIsWhatFollowedBefore() {
        try (HookedTransformer model = InductionModel.create()) {
            List<List<Object>> rows = likeliest(model, REPEATING, 4);

            List<Object> top = rows.get((REPEATING.length - 1) * 4);
            assertThat(rows).hasSize(REPEATING.length * 4);
            assertThat(top.subList(2, 5)).containsExactly(1L, 8L, "t8");
            assertThat((double) top.get(5)).isCloseTo(1 / (1 + 31 * Math.exp(-10)), within(1e-6));
        }
    }

    @Test
    void likeliestTokensComeInFallingOrderAndMissNone() {
        try (HookedTransformer model = RandomModel.of(RandomModel.gpt2(new Dims(1, 2, 2, 8, 4, 8, 12, 17)), 1)) {
            List<Double> probabilities = likeliest(model, new int[] {5}, 100).stream()
                    .map(row -> (Double) row.get(5))
                    .toList();

            assertThat(probabilities).hasSize(17).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            assertThat(probabilities.stream().mapToDouble(p -> p).sum()).isCloseTo(1, within(1e-9));
        }
    }

    @Test
    void entropyIsThatOfTheKnownDistribution() {
        try (HookedTransformer model = InductionModel.create()) {
            Grid series =
                    ((TokenSeries) predictions(model, REPEATING, 1).panels().get(0)).grid();

            // One logit of 10 among 31 of 0.
            double p = 1 / (1 + 31 * Math.exp(-10));
            double q = (1 - p) / 31;
            assertThat(series.at(1, REPEATING.length - 1))
                    .isCloseTo(-p * Math.log(p) - 31 * q * Math.log(q), within(1e-6));
        }
    }

    @Test
    void theInductionHeadLooksBehindTheEarlierCopy() {
        try (HookedTransformer model = InductionModel.create()) {
            Grid map = pattern(model, REPEATING, 1, 2);

            for (int t = 17; t < REPEATING.length; t++) {
                assertThat(map.at(t, t - 15)).isCloseTo(1, within(1e-6));
            }
        }
    }

    @Test
    void withoutAHeadAllHeadsOfTheLayerAreShown() {
        try (HookedTransformer model = InductionModel.create()) {
            assertThat(pattern(model, new int[] {1, 2, 3}, 0, -1).shape()).containsExactly(4, 3, 3);
        }
    }

    @Test
    void aHeadThatDoesNotExistIsRefused() {
        try (HookedTransformer model = InductionModel.create()) {
            assertThatThrownBy(() -> pattern(model, new int[] {1, 2}, 0, 4))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("from -1 to 3");
        }
    }

    private static Findings predictions(HookedTransformer model, int[] ids, int topK) {
        return new Predictions()
                .run(IdContexts.of(model), new Predictions.Parameters(prompt(ids), topK), Progress.none());
    }

    private static List<List<Object>> likeliest(HookedTransformer model, int[] ids, int topK) {
        return ((Table) predictions(model, ids, topK).panels().get(1)).rows();
    }

    private static Grid pattern(HookedTransformer model, int[] ids, int layer, int head) {
        var parameters = new AttentionPatterns.Parameters(prompt(ids), layer, head, false, 0, 1024);
        Findings found = new AttentionPatterns().run(IdContexts.of(model), parameters, Progress.none());
        return ((AttentionMap) found.panels().get(0)).grid();
    }
}
