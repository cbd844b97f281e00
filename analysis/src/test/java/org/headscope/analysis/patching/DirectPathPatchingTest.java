package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.DirectPathPatching.Component;
import org.headscope.analysis.patching.DirectPathPatching.Parameters;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPairGrid;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomFamily;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("engine")
class DirectPathPatchingTest {
    private static final int[] CLEAN = {1, 2, 3, 4, 5, 6};
    private static final int[] CORRUPT = {1, 9, 3, 4, 8, 6};
    private static final int RIGHT = 7;
    private static final int WRONG = 11;

    @ParameterizedTest
    @CsvSource({"K, 1", "Q, 0", "V, 0"})
    void inTheInductionModelTheFirstHeadTalksToTheSecondThroughKeysOnly(Component component, double effect) {
        try (HookedTransformer model = InductionModel.create()) {
            Grid grid = effect(run(
                            model,
                            new Parameters(
                                    prompt(InductionSentences.clean()),
                                    prompt(InductionSentences.oneKeyChanged()),
                                    prompt(8),
                                    prompt(12),
                                    component,
                                    List.of("0.1"))))
                    .grid();

            for (int i = 0; i < grid.size(); i++) {
                assertThat(grid.valueAt(i)).isCloseTo(i == 6 ? effect : 0, within(1e-4));
            }
        }
    }

    /** Without norms a direct path is a path with MLPs held, read in the other direction. */
    @ParameterizedTest
    @EnumSource
    void withoutNormsItIsPathPatchingWithThePromptsExchanged(Component component) {
        try (HookedTransformer model = RandomFamily.NO_NORM.create(new Dims(3, 4, 4, 16, 4, 24, 12, 31), 6)) {
            Grid direct =
                    effect(run(model, parameters(component, List.of("0.2")))).grid();

            for (int head = 4; head < 12; head++) {
                PathPatching.Parameters path = new PathPatching.Parameters(
                        prompt(CORRUPT),
                        prompt(CLEAN),
                        prompt(RIGHT),
                        prompt(WRONG),
                        PathPatching.Receiver.valueOf(component.name()),
                        List.of(head / 4 + "." + head % 4),
                        PathPatching.Mlps.FROZEN,
                        List.of());
                Findings found = new PathPatching().run(IdContexts.of(model), path, Progress.none());
                double expected = ((HeadGrid) found.panels().get(0)).grid().at(0, 2);
                assertThat(direct.valueAt(head)).as("to head %d", head).isCloseTo(expected, within(2e-4));
            }
        }
    }

    /** By hand: another query, key or value for one head, with a gain, a mean and the corrupt denominator. */
    @ParameterizedTest
    @CsvSource({
        "GPT2, Q",
        "GPT2, K",
        "GPT2, V",
        "LLAMA, Q",
        "LLAMA, K",
        "LLAMA, V",
        "GPT_NEOX, K",
        "QWEN3, Q",
        "GPTJ, V"
    })
    void everyPairAgreesWithARunByHand(RandomFamily family, Component component) {
        try (HookedTransformer model = family.create(new Dims(3, 4, 4, 16, 4, 24, 12, 31), 6)) {
            GridPanel patched = (GridPanel)
                    run(model, parameters(component, List.of("0.3"))).panels().get(1);
            int columns = patched.grid().axes().get(1).size();

            for (int layer = 1; layer < 3; layer++) {
                for (int head = 0; head < columns; head++) {
                    assertThat(patched.grid().at(layer, head))
                            .as("to %d.%d", layer, head)
                            .isCloseTo(byHand(model, component, layer, head), within(1e-4));
                }
            }
        }
    }

    private static double byHand(HookedTransformer model, Component component, int layer, int head) {
        HookSite result = HookSite.of(SiteKind.RESULT, 0);
        HookSite scale = HookSite.of(SiteKind.LN1_SCALE, layer);
        try (RunResult clean = model.run(
                        RunRequest.of(TokenBatch.of(CLEAN)).capture(result).build());
                RunResult corrupt = model.run(RunRequest.of(TokenBatch.of(CORRUPT))
                        .capture(result, scale)
                        .build())) {
            float[] now = clean.cache().get(result).toFloatArray();
            float[] was = corrupt.cache().get(result).toFloatArray();
            float[] scales = corrupt.cache().get(scale).toFloatArray();
            double[][] change = new double[CLEAN.length][4];
            for (int p = 0; p < CLEAN.length; p++) {
                change[p] = read(model, component, layer, head, difference(now, was, p), scales[p]);
            }
            return patched(model, HookSite.of(component.kind(), layer), head, change);
        }
    }

    /** What head 0.3 writes more at a position. */
    private static double[] difference(float[] now, float[] was, int position) {
        double[] difference = new double[16];
        for (int d = 0; d < 16; d++) {
            int at = (position * 4 + 3) * 16 + d;
            difference[d] = (double) now[at] - was[at];
        }
        return difference;
    }

    private static double[] read(
            HookedTransformer model, Component component, int layer, int head, double[] x, double scale) {
        var block = model.weights().blocks().get(layer);
        var projection =
                switch (component) {
                    case Q -> block.attention().q();
                    case K -> block.attention().k();
                    case V -> block.attention().v();
                };
        float[] w = projection.weight().toFloatArray();
        float[] gain = Objects.requireNonNull(
                        Objects.requireNonNull(block.norms().ln1()).weight())
                .toFloatArray();
        boolean layerNorm = model.config().block().norm().kind() == NormSpec.Kind.LAYER;
        double mean = layerNorm ? Arrays.stream(x).average().orElseThrow() : 0;
        double[] read = new double[4];
        for (int e = 0; e < 4; e++) {
            for (int d = 0; d < 16; d++) {
                read[e] += (x[d] - mean) * gain[d] / scale * w[(head * 4 + e) * 16 + d];
            }
        }
        return read;
    }

    /** The corrupt run with a hook that adds numbers to one head. */
    private static double patched(HookedTransformer model, HookSite site, int head, double[][] change) {
        RunRequest request = RunRequest.of(TokenBatch.of(CORRUPT))
                .hook("add", site, (value, point) -> {
                    NDArray copy = value.duplicate();
                    for (int p = 0; p < change.length; p++) {
                        for (int e = 0; e < 4; e++) {
                            NDIndex at = new NDIndex(0, p, head, e);
                            copy.set(at, value.getFloat(0, p, head, e) + change[p][e]);
                        }
                    }
                    return copy;
                })
                .lastLogits()
                .build();
        try (RunResult run = model.run(request)) {
            float[] logits = run.logits().toFloatArray();
            return (double) logits[RIGHT] - logits[WRONG];
        }
    }

    @Test
    void allSendersAtOnceGiveTheRowsOfSingleOnes() {
        try (HookedTransformer model = RandomFamily.LLAMA.create(new Dims(3, 4, 4, 16, 4, 24, 12, 31), 6)) {
            HeadPairGrid all = (HeadPairGrid) effect(run(model, parameters(Component.V, List.of())));

            assertThat(all.grid().shape()).containsExactly(12, 6);
            for (int sender = 0; sender < 12; sender++) {
                Grid one = effect(run(model, parameters(Component.V, List.of(sender / 4 + "." + sender % 4))))
                        .grid();
                assertThat(one.axes()).containsExactly(Axis.layers(3), Axis.kvHeads(2));
                for (int receiver = 0; receiver < 6; receiver++) {
                    boolean later = receiver / 2 > sender / 4;
                    double value = all.grid().at(sender, receiver);
                    assertThat(one.valueAt(receiver)).isCloseTo(later ? value : 0, within(1e-5));
                    assertThat(Double.isNaN(value)).isEqualTo(!later);
                }
            }
        }
    }

    @Test
    void promptsOfOneAnswerAreRefused() {
        try (HookedTransformer model = InductionModel.create()) {
            assertThatThrownBy(() -> run(
                            model,
                            new Parameters(
                                    prompt(CLEAN), prompt(CLEAN), prompt(8), prompt(12), Component.Q, List.of())))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("apart");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GEMMA2", "OLMO2", "OPT_POSTNORM"})
    void modelsThatNormaliseWhatHeadsWriteAreRefused(RandomFamily family) {
        try (HookedTransformer model = family.create(1)) {
            assertThatThrownBy(() -> run(model, parameters(Component.Q, List.of())))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("does not apply");
        }
    }

    @Test
    void nothingStaysBehindInTheModel() {
        try (HookedTransformer model = RandomFamily.LLAMA.create(6)) {
            run(model, parameters(Component.Q, List.of("0.0")));
            int before = model.ownedResources();

            run(model, parameters(Component.K, List.of("0.0", "1.1")));

            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Parameters parameters(Component component, List<String> sources) {
        return new Parameters(prompt(CLEAN), prompt(CORRUPT), prompt(RIGHT), prompt(WRONG), component, sources);
    }

    private static GridPanel effect(Findings found) {
        return (GridPanel) found.panels().get(0);
    }

    private static Findings run(HookedTransformer model, Parameters parameters) {
        return new DirectPathPatching().run(IdContexts.of(model), parameters, Progress.none());
    }
}
