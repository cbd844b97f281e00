package org.headscope.analysis.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.handbuilt.AmplifierModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The amplifier model: head 0.0 says the answer and the MLP takes all of that back. */
@Tag("engine")
class OverconfidenceTest {
    /** Above the mean over eight tokens: 7/8 of a logit that only the answer has. */
    private static final double ALONE = AmplifierModel.LOGIT * 7 / 8;

    @Test
    void theMlpIsFoundToTakeBackWhatTheHeadSays() {
        try (HookedTransformer model = AmplifierModel.create()) {
            Table parts = table(run(model), Overconfidence.PARTS);

            assertThat(parts.rows()).extracting(row -> row.get(0)).containsExactly("0.0", "0.1", "0.2", "mlp 0");
            assertThat((double) parts.rows().get(0).get(1)).isCloseTo(ALONE, within(1e-4));
            assertThat((double) parts.rows().get(0).get(4)).isCloseTo(1, within(1e-4));
            assertThat(parts.rows())
                    .extracting(row -> row.get(5))
                    .endsWith("yes")
                    .startsWith("no");
            double mlp = (double) parts.rows().get(3).get(1);
            assertThat(mlp).isLessThan(-1).isGreaterThan(-ALONE - AmplifierModel.CLASS_LOGIT);
        }
    }

    @Test
    void withoutTheMlpTheAnswerHasWhatTheHeadsSay() {
        try (HookedTransformer model = AmplifierModel.create()) {
            Findings found = run(model);
            Table turned = table(found, Overconfidence.TURNED);
            Curve curve = (Curve) panel(found, Overconfidence.SCALED);

            assertThat(turned.rows()).extracting(row -> row.get(0)).containsExactly(1.0, 0.75, 0.5, 0.25, 0.0);
            double before = (double) turned.rows().get(0).get(1);
            double without = (double) turned.rows().get(4).get(1);
            assertThat(without).isCloseTo(expectedProbabilityWithoutTheMlp(), within(1e-4));
            assertThat(without).isGreaterThan(before + 0.2);
            assertThat(curve.lines().get(0).y()).first().isEqualTo(before);
            assertThat(table(found, Overconfidence.CHANCE).rows()).hasSize(1);
        }
    }

    /** Four for what 0.0 saw and four for what 0.1 saw, nothing else: written out for every example. */
    private static double expectedProbabilityWithoutTheMlp() {
        double sum = 0;
        var examples = PlantedExamples.of(40, 0, 4);
        for (var example : examples) {
            double[] logits = new double[AmplifierModel.VOCAB];
            logits[example.clean()[0]] += AmplifierModel.LOGIT;
            logits[example.clean()[1]] += AmplifierModel.LOGIT;
            double total = 0;
            for (double logit : logits) {
                total += Math.exp(logit);
            }
            sum += Math.exp(logits[example.answers()[0]]) / total;
        }
        return sum / examples.size();
    }

    @Test
    void calibrationErrorIsTheGapBetweenConfidenceAndAccuracy() {
        List<Confidence.Said> said = List.of(
                new Confidence.Said(0, 0, 0, 0.95, true),
                new Confidence.Said(0, 0, 0, 0.93, false),
                new Confidence.Said(0, 0, 0, 0.31, false),
                new Confidence.Said(0, 0, 0, 1.0, true));

        // Bin of 0.9 to 1: confidence 2.88 of 3, right 2 of 3; bin of 0.3: 0.31 and none.
        assertThat(Confidence.calibrationError(said)).isCloseTo((2.88 - 2 + 0.31) / 4, within(1e-12));
        assertThat(Confidence.accuracy(said)).isEqualTo(0.5);
    }

    @Test
    void nativeMemoryIsGivenBack() {
        try (HookedTransformer model = AmplifierModel.create()) {
            run(model);
            int before = model.ownedResources();

            run(model);

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Findings run(HookedTransformer model) {
        return Overconfidence.judge(
                IdContexts.of(model), PlantedExamples.of(40, 0, 3), PlantedExamples.of(40, 0, 4), 3, Progress.none());
    }

    private static Table table(Findings found, String title) {
        return (Table) panel(found, title);
    }

    private static Panel panel(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
