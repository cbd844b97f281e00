package org.headscope.hooks.handbuilt;

import static org.assertj.core.api.Assertions.assertThat;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.Test;

class RandomModelTest {
    private static final Dims DIMS = new Dims(2, 4, 4, 32, 8, 64, 16, 50);
    private static final Dims GROUPED = new Dims(2, 4, 2, 32, 8, 64, 16, 50);

    @Test
    void theSameSeedGivesTheSameLogits() {
        assertThat(logits(RandomModel.gpt2(DIMS), 7)).isEqualTo(logits(RandomModel.gpt2(DIMS), 7));
    }

    @Test
    void anotherSeedGivesOtherLogits() {
        assertThat(logits(RandomModel.gpt2(DIMS), 7)).isNotEqualTo(logits(RandomModel.gpt2(DIMS), 8));
    }

    @Test
    void logitsOfALlamaStyleModelWithGroupedHeadsAreModestAndNotConstant() {
        float[] logits = logits(RandomModel.llama(GROUPED), 3);
        double sum = 0;
        double squares = 0;
        for (float x : logits) {
            sum += x;
            squares += x * x;
        }
        double mean = sum / logits.length;
        assertThat(Math.sqrt(squares / logits.length - mean * mean)).isBetween(0.3, 3.0);
    }

    private static float[] logits(ModelConfig config, int seed) {
        try (HookedTransformer model = RandomModel.of(config, seed);
                RunResult run = model.run(
                        RunRequest.of(TokenBatch.of(new int[] {1, 2, 3, 4})).build())) {
            return run.logits().toFloatArray();
        }
    }
}
