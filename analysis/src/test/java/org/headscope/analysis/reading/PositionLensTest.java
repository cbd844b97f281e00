package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.SweepJournal;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class PositionLensTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9};
    private static final int POSITION = 3;
    private static final int LAYERS = 3;
    private static final int TOP = 4;
    private static final Dims DIMS = new Dims(LAYERS, 4, 2, 16, 6, 24, 16, 31);
    private static final List<Intervention> MASK =
            List.of(new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Zero()));

    @Test
    void everyNumberIsThatOfTheLensOverAllPositions() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(DIMS), 2)) {
            Findings found = run(model, POSITION, List.of("ids:7", "ids:20"));

            List<List<Object>> followed = table(found, PositionLens.FOLLOWED).rows();
            List<List<Object>> top = table(found, PositionLens.TOP).rows();
            assertThat(followed).hasSize(2 * (LAYERS + 1));
            assertThat(top).hasSize(TOP * (LAYERS + 1));
            for (int row = 0; row <= LAYERS; row++) {
                String layer = row == LAYERS ? LogitLens.FINAL : Integer.toString(row);
                for (List<Object> token : followed.subList(2 * row, 2 * row + 2)) {
                    assertThat(token.get(0)).isEqualTo(layer);
                    assertToken(model, row, (Long) token.get(1), (Double) token.get(3), (Long) token.get(4));
                }
                for (List<Object> token : top.subList(TOP * row, TOP * row + TOP)) {
                    assertThat(token.get(0)).isEqualTo(layer);
                    assertToken(model, row, (Long) token.get(2), (Double) token.get(4), (Long) token.get(1));
                }
            }
        }
    }

    private static void assertToken(HookedTransformer model, int row, long id, double probability, long rank) {
        Findings whole = LensChecks.run(model, IDS, List.of((int) id), MASK);
        assertThat(probability)
                .isCloseTo(LensChecks.panel(whole, LogitLens.PROBABILITY).grid().at(row, POSITION), within(1e-6));
        assertThat((double) rank)
                .isEqualTo(LensChecks.panel(whole, LogitLens.RANK).grid().at(row, POSITION));
    }

    @Test
    void negativePositionsCountFromTheEnd() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(DIMS), 2)) {
            assertThat(run(model, POSITION - IDS.length, List.of()).panels())
                    .isEqualTo(run(model, POSITION, List.of()).panels());
        }
    }

    @Test
    void positionsAndTokensThatAreNotThereAreRefused() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(DIMS), 2)) {
            assertThatThrownBy(() -> run(model, IDS.length, List.of()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("a position from -6 to 5");
            assertThatThrownBy(() -> run(model, 0, List.of("ids:31")))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("31");
            assertThatThrownBy(() -> run(model, 0, List.of("ids:x")))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("ids:x");
        }
    }

    private static Findings run(HookedTransformer model, int position, List<String> tokens) {
        return new PositionLens()
                .run(
                        IdContexts.of(model, MASK, SweepJournal.none()),
                        new PositionLens.Parameters(IdContexts.prompt(IDS), tokens, position, TOP),
                        Progress.none());
    }

    private static Table table(Findings found, String title) {
        return (Table) found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
