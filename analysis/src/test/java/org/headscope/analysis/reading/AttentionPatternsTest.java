package org.headscope.analysis.reading;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.reading.PatternRuns.assertSame;
import static org.headscope.analysis.reading.PatternRuns.map;
import static org.headscope.analysis.reading.PatternRuns.plain;
import static org.headscope.analysis.reading.PatternRuns.run;
import static org.headscope.analysis.reading.PatternRuns.with;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.Families;
import org.headscope.analysis.result.AttentionMap;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.AttentionSpec;
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
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("engine")
class AttentionPatternsTest {
    private static final int LAYERS = 3;
    private static final int HEADS = 4;
    private static final int VOCAB = 31;
    private static final int[] IDS = {3, 1, 4, 1, 5, 9};
    /** Longer than a piece, so that every layer is seen twice. */
    private static final int[] LONG = new Random(7).ints(300, 0, VOCAB).toArray();

    private static final ModelConfig LLAMA = RandomModel.llama(new Dims(LAYERS, HEADS, 2, 16, 6, 24, 320, VOCAB));
    private static final ModelConfig GPT2 = RandomModel.gpt2(new Dims(LAYERS, HEADS, 4, 16, 4, 24, 320, VOCAB));
    private static final Map<String, String> ALL = Map.of("layer", "-1");

    /** One intervention changes what later layers read, the other the pattern itself. */
    private static final List<Intervention> MASK = List.of(
            new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero()),
            new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Uniform()));

    static Stream<ModelConfig> models() {
        return Stream.of(GPT2, LLAMA, Families.window(LLAMA, 5));
    }

    private static ModelConfig bothWays() {
        AttentionSpec causal = GPT2.attention();
        AttentionSpec all =
                new AttentionSpec(false, causal.layers(), causal.qkNorm(), causal.softcap(), causal.alibi());
        return new ModelConfig(GPT2.family(), GPT2.dims(), GPT2.embed(), all, GPT2.block(), GPT2.mlp(), GPT2.unembed());
    }

    @ParameterizedTest
    @MethodSource("models")
    void allLayersAreThePatternsOfAPlainRun(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            AttentionMap map = map(model, LONG, ALL);

            assertThat(map.title()).isEqualTo("Attention pattern of all heads");
            assertThat(map.grid().shape()).containsExactly(LAYERS, HEADS, 300, 300);
            assertSame(map.grid().toArray(), plain(model, LONG, List.of()), 1e-6);
        }
    }

    @ParameterizedTest
    @CsvSource({"1024, 0", "64, 0", "1024, 3", "64, 7"})
    void allLayersAreTheRunsOfSingleHeads(String cells, String leaveOut) {
        Map<String, String> how = Map.of("cells", cells, "leave-out", leaveOut);
        try (HookedTransformer model = RandomModel.of(LLAMA, 4)) {
            double[] singles = IntStream.range(0, LAYERS * HEADS)
                    .mapToObj(i -> Map.of("layer", "" + i / HEADS, "head", "" + i % HEADS))
                    .map(one -> with(with(one, "cells", cells), "leave-out", leaveOut))
                    .map(one -> map(model, LONG, one).grid().toArray())
                    .flatMapToDouble(Arrays::stream)
                    .toArray();

            assertSame(map(model, LONG, with(how, "layer", "-1")).grid().toArray(), singles, 0);
        }
    }

    @Test
    void modelsThatSeeLaterTokensShowAllLayersToo() {
        try (HookedTransformer model = RandomModel.of(bothWays(), 2)) {
            Grid all = map(model, IDS, ALL).grid();

            assertSame(all.toArray(), plain(model, IDS, List.of()), 1e-6);
            assertThat(all.at(0, 0, 0, 5)).isPositive();
        }
    }

    @Test
    void theMaskHoldsInAllLayersAndIsReceiptedAlone() {
        try (HookedTransformer model = RandomModel.of(LLAMA, 5)) {
            Findings found = run(model, IDS, ALL, MASK);
            double[] masked = map(found).grid().toArray();
            double[] full = plain(model, IDS, List.of());

            assertSame(masked, plain(model, IDS, MASK), 1e-6);
            assertThat(map(found).grid().at(1, 2, 3, 1)).isCloseTo(0.25, within(1e-6));
            int layer = HEADS * IDS.length * IDS.length;
            assertThat(IntStream.range(0, masked.length)
                            .filter(i -> Math.abs(masked[i] - full[i]) > 1e-6)
                            .min()
                            .orElseThrow())
                    .isGreaterThanOrEqualTo(layer);
            assertThat(found.receipts()).hasSize(2).allSatisfy(receipt -> {
                assertThat(receipt.fired()).isEqualTo(1);
                assertThat(receipt.changeMaxAbs()).isPositive();
                assertThat(receipt.label()).doesNotContain("pattern of layer");
            });
            assertThat(found.receipts())
                    .isEqualTo(run(model, IDS, Map.of("layer", "2"), MASK).receipts());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1024", "50"})
    void theMeanIsThePlainMeanOfTheHeads(String cells) {
        try (HookedTransformer model = RandomModel.of(LLAMA, 6)) {
            Map<String, String> layer = Map.of("layer", "1", "cells", cells);
            Grid heads = map(model, LONG, layer).grid();
            AttentionMap mean = map(model, LONG, with(layer, "mean", "true"));

            int side = heads.shape()[1];
            double[] expected = IntStream.range(0, side * side)
                    .mapToDouble(cell -> IntStream.range(0, HEADS)
                            .mapToDouble(head -> heads.at(head, cell / side, cell % side))
                            .average()
                            .orElseThrow())
                    .toArray();
            assertThat(mean.title()).startsWith("Attention pattern of layer 1, mean of its heads");
            assertThat(mean.grid().shape()).containsExactly(side, side);
            assertSame(mean.grid().toArray(), expected, 1e-6);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "-1, -1, false, 'all heads, first 2 keys left out'",
        "1, -1, false, 'layer 1, first 2 keys left out'",
        "1, 3, false, 'head 1.3, first 2 keys left out'",
        "1, -1, true, 'layer 1, mean of its heads, first 2 keys left out'"
    })
    void keysThatAreLeftOutAreMissingAndTheOthersUnchanged(String layer, String head, String mean, String title) {
        Map<String, String> how = Map.of("layer", layer, "head", head, "mean", mean);
        try (HookedTransformer model = RandomModel.of(LLAMA, 7)) {
            AttentionMap without = map(model, IDS, with(how, "leaveOut", "2"));
            Grid whole = map(model, IDS, how).grid();

            assertThat(without.title()).isEqualTo("Attention pattern of " + title);
            assertSame(
                    without.grid().toArray(),
                    IntStream.range(0, whole.size())
                            .mapToDouble(i -> i % IDS.length < 2 ? Double.NaN : whole.valueAt(i))
                            .toArray(),
                    0);
        }
    }

    @Test
    void aCellOfSeveralTokensSumsOnlyTheKeysThatAreLeft() {
        try (HookedTransformer model = RandomModel.of(LLAMA, 8)) {
            Map<String, String> head = Map.of("layer", "2", "head", "1");
            Grid all = map(model, LONG, head).grid();
            AttentionMap pooled = map(model, LONG, with(with(head, "cells", "100"), "leave-out", "4"));

            assertThat(pooled.title())
                    .isEqualTo("Attention pattern of head 2.1, 3 x 3 tokens per cell, first 4 keys left out");
            double[] expected = new double[100 * 100];
            for (int cell = 0; cell < expected.length; cell++) {
                int row = cell / 100 * 3;
                int column = cell % 100 * 3;
                expected[cell] = column == 0 ? Double.NaN : 0;
                for (int key = Math.max(4, column); key < column + 3; key++) {
                    expected[cell] += (all.at(row, key) + all.at(row + 1, key) + all.at(row + 2, key)) / 3;
                }
            }
            assertSame(pooled.grid().toArray(), expected, 1e-6);
        }
    }

    @Test
    void oneKeyLeftOutIsSaidInTheSingular() {
        try (HookedTransformer model = RandomModel.of(LLAMA, 8)) {
            assertThat(map(model, IDS, Map.of("leave-out", "1")).title())
                    .isEqualTo("Attention pattern of layer 0, first key left out");
        }
    }
}
