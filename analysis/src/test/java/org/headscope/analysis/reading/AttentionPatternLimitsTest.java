package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.headscope.analysis.reading.PatternRuns.bind;
import static org.headscope.analysis.reading.PatternRuns.map;
import static org.headscope.analysis.reading.PatternRuns.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What attention patterns cannot be asked for, and what is left when reading them ends. */
@Tag("engine")
class AttentionPatternLimitsTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9};
    private static final ModelConfig LLAMA = RandomModel.llama(new Dims(3, 4, 2, 16, 6, 24, 320, 31));
    private static final Map<String, String> ALL = Map.of("layer", "-1");
    private static final List<Intervention> MASK =
            List.of(new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero()));

    @ParameterizedTest
    @CsvSource({
        "-1, 2, false, 0, --head cannot be '2', give its layer with --layer",
        "-1, -1, true, 0, --mean cannot be 'true', one --layer",
        "1, 2, true, 0, --mean cannot be 'true', without --head",
        "3, -1, false, 0, --layer cannot be '3', from -1 to 2",
        "-2, -1, false, 0, --layer cannot be '-2', at least -1",
        "0, -1, false, 6, --leave-out cannot be '6', below 6",
        "0, -1, false, -1, --leave-out cannot be '-1', at least 0"
    })
    void whatDoesNotGoTogetherIsRefused(
            String layer, String head, String mean, String leaveOut, String what, String hint) {
        Map<String, String> how = Map.of("layer", layer, "head", head, "mean", mean, "leave-out", leaveOut);
        try (HookedTransformer model = RandomModel.of(LLAMA, 1)) {
            assertThatThrownBy(() -> run(model, IDS, how, List.of()))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("Parameter " + what)
                    .hasMessageContaining(hint);
        }
    }

    @Test
    void aRunStoredBeforeThereWereMoreParametersIsRepeatedAsItWas() throws JsonProcessingException {
        String stored = "{\"prompt\":[3,1,4,1,5,9],\"layer\":1,\"head\":-1,\"cells\":1024}";
        try (HookedTransformer model = RandomModel.of(LLAMA, 1)) {
            var old = ParameterBinder.of(AttentionPatterns.Parameters.class).bind(new ObjectMapper().readTree(stored));
            AttentionMap map = map(new AttentionPatterns().run(IdContexts.of(model), old, Progress.none()));

            assertThat(map.title()).isEqualTo("Attention pattern of layer 1");
            assertThat(map.quantity()).isEqualTo(Quantity.unsigned("attention", ""));
            assertThat(map.grid().shape()).containsExactly(4, 6, 6);
            assertThat(map.grid().computed()).isEqualTo(4 * 6 * 6);
        }
    }

    /** 256 patterns of 600 x 600 numbers are above 2^26, those of 512 x 512 just that; as many of 8192 x 8192 overflow. */
    @Test
    void aPictureTooLargeToBeHeldIsRefusedBeforeTheModelRuns() {
        try (HookedTransformer model = RandomModel.of(RandomModel.gpt2(new Dims(16, 16, 16, 16, 1, 0, 8192, 9)), 1)) {
            for (int length : new int[] {600, 8192}) {
                int[] ids = new int[length];
                String needed = Long.toString(256L * length * length);

                assertThatThrownBy(() -> run(model, ids, Map.of("layer", "-1", "cells", "8192"), List.of()))
                        .isInstanceOf(ParameterException.class)
                        .hasMessage("Parameter --cells cannot be '8192': give at most 512, because a picture holds at"
                                + " most 67108864 numbers and 256 patterns would need " + needed + ".");
            }
            assertThat(map(model, new int[600], Map.of("layer", "-1", "cells", "64"))
                            .grid()
                            .shape())
                    .containsExactly(16, 16, 60, 60);
        }
    }

    @Test
    void readingAllLayersCanBeCancelled() {
        try (HookedTransformer model = RandomModel.of(LLAMA, 1)) {
            run(model, IDS, ALL, List.of());
            int before = model.ownedResources();
            Progress stopping = new Progress() {
                private boolean begun;

                @Override
                public void report(long done, long total, String message) {
                    begun = true;
                }

                @Override
                public boolean isCancelled() {
                    return begun;
                }

                @Override
                public void partial(Panel panel) {}
            };

            assertThatThrownBy(() -> new AttentionPatterns().run(IdContexts.of(model), bind(IDS, ALL), stopping))
                    .isInstanceOf(CancelledException.class);
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = RandomModel.of(LLAMA, 1)) {
            run(model, new int[300], ALL, MASK);
            int before = model.ownedResources();

            run(model, new int[300], ALL, MASK);
            run(model, new int[300], Map.of("mean", "true"), MASK);

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }
}
