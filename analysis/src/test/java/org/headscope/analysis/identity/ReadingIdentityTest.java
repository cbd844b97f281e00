package org.headscope.analysis.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import java.util.List;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.attribution.DirectLogitAttribution;
import org.headscope.analysis.reading.LogitLens;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is read off the residual stream adds up to what the model says. */
@Tag("engine")
class ReadingIdentityTest {
    private static final String PRE_NORM = "org.headscope.analysis.identity.AnyModel#preNorm";
    private static final int[] IDS = {6, 9, 14, 9, 21, 30, 12};
    private static final int RIGHT = 11;
    private static final int WRONG = 17;

    @ParameterizedTest
    @MethodSource(PRE_NORM)
    void directAttributionsAddUpToTheLogitDifference(String name) {
        try (HookedTransformer model = AnyModel.open(name)) {
            Findings found = new DirectLogitAttribution()
                    .run(
                            IdContexts.of(model),
                            new DirectLogitAttribution.Parameters(
                                    prompt(IDS), prompt(RIGHT), prompt(WRONG), List.of(-1), false),
                            Progress.none());

            // Rows of the check: sum of all parts, logit difference before any soft cap, and how far they are apart.
            Table check = (Table) found.panels().get(3);
            double sum = (double) check.rows().get(0).get(1);
            Double cap = model.config().unembed().softcap();
            double difference = logits(model)[RIGHT] - (double) logits(model)[WRONG];
            assertThat((double) check.rows().get(2).get(1)).isCloseTo(0, within(2e-4));
            if (cap == null) {
                assertThat(sum).isCloseTo(difference, within(2e-4));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(PRE_NORM)
    void theLensBehindTheLastBlockIsTheModel(String name) {
        try (HookedTransformer model = AnyModel.open(name)) {
            Findings found = new LogitLens()
                    .run(IdContexts.of(model), new LogitLens.Parameters(prompt(IDS), null, true), Progress.none());

            Grid divergence = found.panels().stream()
                    .filter(panel -> panel.title().equals(LogitLens.DIVERGENCE))
                    .map(panel -> ((GridPanel) panel).grid())
                    .findFirst()
                    .orElseThrow();
            for (int p = 0; p < IDS.length; p++) {
                assertThat(divergence.at(model.config().dims().layers(), p)).isCloseTo(0, within(1e-5));
                assertThat(divergence.at(0, p)).isGreaterThan(1e-5);
            }
        }
    }

    private static float[] logits(HookedTransformer model) {
        try (RunResult run = model.run(
                RunRequest.of(TokenBatch.of(new int[][] {IDS})).lastLogits().build())) {
            return run.logits().toFloatArray();
        }
    }
}
