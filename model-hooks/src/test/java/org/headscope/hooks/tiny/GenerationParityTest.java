package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import org.headscope.hooks.generate.GenerationRequest;
import org.headscope.hooks.generate.Generator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class GenerationParityTest {
    @ParameterizedTest
    @MethodSource("org.headscope.hooks.tiny.TinyModel#decoders")
    void cachedGreedyDecodingGivesTheExpectedIds(String family) {
        try (TinyModel tiny = TinyModel.open(family)) {
            int[][] prompts = tiny.golden().rows("input_ids");
            int[][] expected = tiny.golden().rows("greedy_ids");
            for (int row = 0; row < prompts.length; row++) {
                GenerationRequest request = GenerationRequest.greedy(prompts[row], expected[row].length);
                assertThat(new Generator(tiny.model()).run(request).ids())
                        .as("%s row %d", family, row)
                        .isEqualTo(expected[row]);
            }
        }
    }
}
