package org.headscope.hooks.forward;

import static org.assertj.core.api.Assertions.assertThat;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.testing.Acts;
import org.headscope.hooks.testing.SmallModels;
import org.junit.jupiter.api.Test;

class PaddingTest {
    private static final int[] TEXT = {3, 1, 4, 1, 5};
    private static final double ROUNDING = 1e-5;

    @Test
    void paddingBehindATextLeavesItsLogitsAlone() {
        try (HookedTransformer model = SmallModels.gpt2()) {
            TokenBatch padded =
                    TokenBatch.of(new int[] {3, 1, 4, 1, 5, 0, 0}).withPadding(new int[][] {{1, 1, 1, 1, 1, 0, 0}});
            assertThat(textRows(Acts.logits(model, padded), 0).distance(Acts.logits(model, TokenBatch.of(TEXT))))
                    .isLessThan(ROUNDING);
        }
    }

    /** Rotary scores depend on distances only, so a text that starts later is the same text. */
    @Test
    void paddingBeforeATextLeavesItsLogitsAloneWhereOnlyDistancesCount() {
        try (HookedTransformer model = SmallModels.llama()) {
            TokenBatch padded =
                    TokenBatch.of(new int[] {0, 0, 3, 1, 4, 1, 5}).withPadding(new int[][] {{0, 0, 1, 1, 1, 1, 1}});
            assertThat(textRows(Acts.logits(model, padded), 2).distance(Acts.logits(model, TokenBatch.of(TEXT))))
                    .isLessThan(ROUNDING);
        }
    }

    @Test
    void laterTokensLeaveEarlierLogitsAlone() {
        try (HookedTransformer model = SmallModels.windowed(3)) {
            TokenBatch longer = TokenBatch.of(new int[] {3, 1, 4, 1, 5, 9, 2});
            assertThat(textRows(Acts.logits(model, longer), 0).distance(Acts.logits(model, TokenBatch.of(TEXT))))
                    .isLessThan(ROUNDING);
        }
    }

    private static Acts textRows(Acts logits, int from) {
        int vocab = SmallModels.DIMS.vocab();
        Acts rows = new Acts(new float[TEXT.length * vocab], new long[] {1, TEXT.length, vocab});
        return rows.map((at, old) -> logits.get(0, at[1] + from, at[2]));
    }
}
