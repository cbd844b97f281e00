package org.headscope.hooks.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.SmallModels;
import org.junit.jupiter.api.Test;

/** Stops act on gradients, never on values, and only in the rows they name. */
class GradientStopTest {
    private static final HookSite FIRST = HookSite.global(SiteKind.EMBED);
    private static final HookSite Z = HookSite.of(SiteKind.Z, 1);
    private static final HookSite OUT = HookSite.of(SiteKind.ATTN_OUT, 1);
    private static final TokenBatch TWICE = TokenBatch.of(new int[] {1, 2, 3}, new int[] {1, 2, 3});

    @Test
    void onlyTheStoppedRowLosesItsGradient() {
        try (HookedTransformer model = SmallModels.gpt2();
                Gradients.Result free = slope(model, List.of());
                Gradients.Result stopped = slope(model, List.of(new GradientStop(OUT, new boolean[] {false, true})))) {
            assertThat(stopped.metric()).isEqualTo(free.metric());
            assertThat(row(stopped.gradients().get(Z), 0))
                    .isEqualTo(row(free.gradients().get(Z), 0));
            assertThat(row(stopped.gradients().get(Z), 1)).containsOnly(0f);
            assertThat(row(stopped.gradients().get(FIRST), 1))
                    .isNotEqualTo(row(free.gradients().get(FIRST), 1))
                    .doesNotContain(0f);
            assertThat(stopped.receipts()).singleElement().satisfies(receipt -> {
                assertThat(receipt.fired()).isEqualTo(1);
                assertThat(receipt.change()).isZero();
            });
        }
    }

    /** What is both edited and looked at is handed on as a copy, and gradients must find their way through that. */
    @Test
    void aStopOfNoRowChangesNothingWhereTheSiteItselfIsWatched() {
        try (HookedTransformer model = SmallModels.gpt2();
                Gradients.Result free = slope(model, List.of(), OUT);
                Gradients.Result edited = slope(model, List.of(new GradientStop(OUT, new boolean[2])), OUT)) {
            assertThat(edited.gradients().get(OUT).toFloatArray())
                    .isEqualTo(free.gradients().get(OUT).toFloatArray());
            assertThat(edited.gradients().get(FIRST).toFloatArray())
                    .isEqualTo(free.gradients().get(FIRST).toFloatArray());
        }
    }

    @Test
    void aBatchOfAnotherSizeIsRefused() {
        try (HookedTransformer model = SmallModels.gpt2()) {
            var stop = new GradientStop(OUT, new boolean[3]);
            assertThatThrownBy(() -> slope(model, List.of(stop)))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("3 rows")
                    .hasMessageContaining("has 2");
        }
    }

    private static Gradients.Result slope(HookedTransformer model, List<GradientStop> stops, HookSite... more) {
        RunRequest request = RunRequest.of(TWICE)
                .edits(List.copyOf(stops))
                .capture(FIRST, Z)
                .capture(more)
                .lastLogits()
                .build();
        return new Gradients(model).of(request, logits -> logits.get(":, :, 3")
                .sum()
                .sub(logits.get(":, :, 2").sum()));
    }

    private static float[] row(NDArray array, int row) {
        return array.get(row).toFloatArray();
    }
}
