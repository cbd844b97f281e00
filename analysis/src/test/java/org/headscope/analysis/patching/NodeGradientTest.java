package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Integrated gradients of one head between two prompts, everything else recomputed: with many steps the patch itself. The
 * head is as sharp as a threshold, so few steps miss it.
 */
@Tag("engine")
class NodeGradientTest {
    private static final HookSite Z = HookSite.of(SiteKind.Z, 0);

    @ParameterizedTest
    @CsvSource({"1, 0.0000", "50, 1.0006", "400, 1.0000"})
    void ofThePreviousTokenHeadItComesToTheWholeEffect(int steps, double figure) {
        TokenBatch clean = TokenBatch.of(InductionSentences.clean());
        TokenBatch corrupt = TokenBatch.of(InductionSentences.oneKeyChanged());
        try (HookedTransformer model = InductionModel.create();
                RunResult there = model.run(RunRequest.of(clean).capture(Z).build());
                RunResult here = model.run(RunRequest.of(corrupt).capture(Z).build())) {
            NDArray start = here.cache().get(Z);
            NDArray change = change(there.cache().get(Z), start);
            double sum = 0;
            for (int k = 0; k < steps; k++) {
                sum += along(model, start.add(change.mul((k + 0.5) / steps)), change) / steps;
            }

            // The gap between both prompts is ten logits.
            assertThat(sum / InductionModel.LOGIT).isCloseTo(closedForm(steps), within(1e-4));
            assertThat(sum / InductionModel.LOGIT).isCloseTo(figure, within(1e-3));
        }
    }

    /** What head 0.1 has in the clean run and not in the corrupt one. */
    private static NDArray change(NDArray clean, NDArray corrupt) {
        NDArray change = clean.sub(corrupt);
        for (int h = 0; h < 4; h++) {
            if (h != InductionModel.PREVIOUS_HEAD) {
                change.set(new NDIndex().addAllDim().addAllDim().addIndices(h), 0);
            }
        }
        return change;
    }

    private static double along(HookedTransformer model, NDArray z, NDArray change) {
        RunRequest request = RunRequest.of(TokenBatch.of(InductionSentences.oneKeyChanged()))
                .hook("between", Z, (value, point) -> z)
                .capture(Z)
                .lastLogits()
                .build();
        try (Gradients.Result result =
                new Gradients(model).of(request, logits -> logits.get(0, 0, 8).sub(logits.get(0, 0, 12)))) {
            return result.gradients().get(Z).mul(change).sum().toFloatArray()[0];
        }
    }

    /** 24 keys, one of which gets a score of 30 a; its token is the answer, the foil is among the others. */
    private static double closedForm(int steps) {
        double sum = 0;
        for (int k = 0; k < steps; k++) {
            double weight = Math.exp(30 * (k + 0.5) / steps);
            double found = weight / (weight + 23);
            double foil = 1 / (weight + 23);
            sum += 30 * (found * (1 - found) + found * foil) / steps;
        }
        return sum;
    }
}
