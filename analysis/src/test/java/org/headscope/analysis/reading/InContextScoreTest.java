package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.reading.InContextScore.Parameters;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class InContextScoreTest {
    /** Sixteen words and the same again, twice over: pieces of 32, of which the second half is known. */
    private static final int[] REPEATING =
            IntStream.range(0, 64).map(i -> 1 + i % 16 + (i < 32 ? 0 : 3)).toArray();

    private static final Parameters PARAMETERS = new Parameters(prompt(REPEATING), 32, 9, 1);

    @Test
    void theInductionModelGainsWhatRepetitionIsWorth() {
        try (HookedTransformer model = InductionModel.create()) {
            List<List<Object>> rows = rows(new InContextScore().run(IdContexts.of(model), PARAMETERS, Progress.none()));

            double known = Math.log(1 + 31 * Math.exp(-InductionModel.LOGIT));
            // Where nothing matches the head copies the mean of the three tokens so far, none of which is next.
            double misled = Math.log(29 + 3 * Math.exp(InductionModel.LOGIT / 3));
            assertThat(rows.get(0).get(0)).isEqualTo("loss up to token 3");
            assertThat((double) rows.get(0).get(1)).isCloseTo(misled, within(1e-5));
            assertThat(rows.get(1).get(0)).isEqualTo("loss up to token 31");
            assertThat((double) rows.get(1).get(1)).isCloseTo(known, within(1e-5));
            assertThat((double) rows.get(2).get(1)).isCloseTo(known - misled, within(1e-5));
            assertThat(rows.get(2).get(6)).isEqualTo(2L);
        }
    }

    @Test
    void withoutTheInductionHeadContextIsWorthNothing() {
        var head = new Target.Head(InductionModel.INDUCTION_LAYER, InductionModel.INDUCTION_HEAD);
        List<Intervention> mask = List.of(new Intervention.Ablate(head, new Ablation.Zero()));
        try (HookedTransformer model = InductionModel.create()) {
            Findings found = new InContextScore()
                    .run(IdContexts.of(model, mask, SweepJournal.none()), PARAMETERS, Progress.none());

            assertThat((double) rows(found).get(2).get(1)).isCloseTo(0, within(1e-6));
            assertThat(found.receipts()).hasSize(1);
        }
    }

    @Test
    void aTextOfOnePieceIsRefused() {
        try (HookedTransformer model = InductionModel.create()) {
            assertThatThrownBy(() -> new InContextScore()
                            .run(IdContexts.of(model), new Parameters(prompt(REPEATING), 40, 9, 1), Progress.none()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("at least 80 tokens");
        }
    }

    @Test
    void theShippedModelReadsStories() {
        Path folder = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
        try (HookedTransformer model = ModelLoader.load(folder)) {
            Findings found =
                    new InContextScore().run(IdContexts.of(model), new Parameters(null, 120, 4, 5), Progress.none());
            int before = model.ownedResources();
            new InContextScore().run(IdContexts.of(model), new Parameters(null, 120, 2, 5), Progress.none());

            assertThat(rows(found).get(1).get(0)).isEqualTo("loss up to token 119");
            assertThat((double) rows(found).get(0).get(1)).isBetween(0.5, 4.0);
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static List<List<Object>> rows(Findings found) {
        return ((Table) found.panels().get(0)).rows();
    }
}
