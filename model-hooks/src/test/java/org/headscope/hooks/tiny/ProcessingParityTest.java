package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.LoadOptions;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class ProcessingParityTest {
    /** Log-probabilities of the raw and of the processed model differ by rounding only. */
    private static final double ROUNDING = 2e-4;

    @ParameterizedTest
    @MethodSource("org.headscope.hooks.tiny.TinyModel#families")
    void processedWeightsKeepTheProbabilitiesOfEveryFamily(String family) {
        TokenBatch batch = Golden.read(Reference.tiny(family)).batch();
        assertThat(TinyModel.distance(
                        logProbs(family, LoadOptions.PROCESSED, batch), logProbs(family, LoadOptions.RAW, batch)))
                .isLessThan(ROUNDING);
    }

    private static float[] logProbs(String family, LoadOptions options, TokenBatch batch) {
        try (HookedTransformer model = ModelLoader.load(Reference.tiny(family), options);
                RunResult run = model.run(RunRequest.of(batch).build())) {
            return run.logits().logSoftmax(2).toFloatArray();
        }
    }
}
