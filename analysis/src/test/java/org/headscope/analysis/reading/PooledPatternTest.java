package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.handbuilt.RandomModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class PooledPatternTest {
    @Test
    void tokensThatShareACellAddTheirKeysAndAverageTheirQueries() {
        PooledPattern pooled = new PooledPattern(new PooledPattern.Extent(5, 0, 1, 1), 3);
        pooled.add(0, 0, 2, new float[] {1, 0, 0.25f, 0.75f});
        pooled.add(0, 2, 3, new float[] {0.5f, 0.25f, 0.25f, 0, 0, 0, 0, 0, 1, 0, 0.1f, 0.2f, 0.3f, 0.4f, 0});

        assertThat(pooled.tokens()).isEqualTo(2);
        assertThat(pooled.labels(List.of("a", "b", "c", "d", "e"))).containsExactly("0-1", "2-3", "4-4");
        assertThat(pooled.grid(List.of(Axis.of("cell", 9))).toArray())
                .containsExactly(new double[] {1, 0, 0, 0.375, 0.625, 0, 0.3, 0.7, 0}, within(1e-7));
    }

    /** 600 tokens are read in three pieces; the picture of 100 cells is that of all numbers, pooled here. */
    @Test
    void longPromptsGiveTheSamePictureInFewerCells() {
        Dims dims = new Dims(2, 4, 2, 32, 8, 48, 640, 40);
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(dims), 3)) {
            int[] ids = new Random(2).ints(600, 0, 40).toArray();
            AttentionMap whole = map(model, ids, "1024");
            AttentionMap pooled = map(model, ids, "100");
            Grid all = whole.grid();
            Grid few = pooled.grid();

            assertThat(all.shape()).containsExactly(600, 600);
            assertThat(few.shape()).containsExactly(100, 100);
            assertThat(whole.title()).isEqualTo("Attention pattern of head 1.2");
            assertThat(pooled.title()).isEqualTo("Attention pattern of head 1.2, 6 x 6 tokens per cell");
            assertThat(pooled.quantity().name()).contains("summed over 6 keys").contains("mean of 6 queries");
            for (int[] cell : new int[][] {{0, 0}, {50, 20}, {99, 98}, {99, 99}, {3, 4}}) {
                double sum = IntStream.range(0, 36)
                        .mapToDouble(i -> all.at(cell[0] * 6 + i / 6, cell[1] * 6 + i % 6))
                        .sum();
                assertThat(few.at(cell)).as(Arrays.toString(cell)).isCloseTo(sum / 6, within(1e-6));
            }
            for (int row = 0; row < 100; row++) {
                int at = row;
                assertThat(IntStream.range(0, 100)
                                .mapToDouble(k -> few.at(at, k))
                                .sum())
                        .isCloseTo(1, within(1e-5));
            }
        }
    }

    private static AttentionMap map(HookedTransformer model, int[] ids, String cells) {
        String prompt = "ids:"
                + String.join(",", IntStream.of(ids).mapToObj(String::valueOf).toList());
        var parameters = ParameterBinder.of(AttentionPatterns.Parameters.class)
                .bind(Map.of("prompt", prompt, "layer", "1", "head", "2", "cells", cells));
        return (AttentionMap) new AttentionPatterns()
                .run(IdContexts.of(model), parameters, Progress.none())
                .panels()
                .get(0);
    }
}
