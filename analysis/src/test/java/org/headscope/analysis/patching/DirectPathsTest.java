package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.DirectPaths.Component;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.NormWeights;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class DirectPathsTest {
    private static final int[] REPEATING = IntStream.concat(IntStream.rangeClosed(0, 16), IntStream.rangeClosed(1, 7))
            .toArray();
    private static final int[] CLEAN = {3, 1, 4, 1, 5, 9};
    private static final int[] CORRUPT = {3, 1, 7, 1, 5, 9};
    private static final int ANSWER = 2;
    private static final int FOIL = 6;
    private static final Dims SMALL = new Dims(3, 4, 2, 32, 8, 48, 16, 12);

    /** No norms there, so the linear path is the whole truth: the key of 1.2 lacks what 0.1 writes. */
    @ParameterizedTest
    @CsvSource({"K, 1", "Q, 0", "V, 0"})
    void inTheInductionModelTheFirstHeadRestoresTheSecondThroughKeysOnly(Component component, double effect) {
        int[] corrupt = REPEATING.clone();
        corrupt[7] = 20;
        try (HookedTransformer model = InductionModel.create()) {
            Grid grid = grid(run(model, parameters(REPEATING, corrupt, 8, 12, component)));
            int senders = model.config().dims().heads();

            for (int sender = 0; sender < senders; sender++) {
                for (int receiver = 0; receiver < senders; receiver++) {
                    double expected = sender == 1 && receiver == 2 ? effect : 0;
                    assertThat(grid.at(sender, senders + receiver)).isCloseTo(expected, within(1e-5));
                    assertThat(grid.at(senders + sender, receiver)).isNaN();
                    assertThat(grid.at(sender, receiver)).isNaN();
                }
            }
        }
    }

    static Stream<ModelConfig> models() {
        ModelConfig plain = RandomModel.gpt2(SMALL);
        ModelConfig parallel = new ModelConfig(
                "neox-like",
                plain.dims(),
                plain.embed(),
                plain.attention(),
                new BlockSpec(Arrangement.PARALLEL, plain.block().norm()),
                plain.mlp(),
                plain.unembed());
        return Stream.of(plain, parallel, RandomModel.llama(SMALL));
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyPairAgreesWithSumsWrittenOutAndAWholeRun(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            for (Component component : Component.values()) {
                Findings found = run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, component));
                Grid grid = grid(found);
                int heads = component == Component.Q ? SMALL.heads() : SMALL.kvHeads();
                double corrupt = difference(model, RunRequest.of(TokenBatch.of(CORRUPT)));
                double clean = difference(model, RunRequest.of(TokenBatch.of(CLEAN)));
                for (int sender = 0; sender < SMALL.heads(); sender += 3) {
                    for (int layer = 1; layer < SMALL.layers(); layer++) {
                        for (int head = 0; head < heads; head++) {
                            double patched = byHand(model, component.kind(), sender, layer, head);
                            assertThat(grid.at(sender, layer * heads + head))
                                    .as("%s: 0.%d into %s of %d.%d", config.family(), sender, component, layer, head)
                                    .isCloseTo((patched - corrupt) / (clean - corrupt), within(1e-4));
                        }
                    }
                }
                assertThat(grid.shape()).containsExactly(12, 3 * heads);
                assertThat(((Table) found.panels().get(1)).rows()).hasSize(10);
            }
        }
    }

    /** Of a head of layer 0: change of z, W_O, first norm with its scale held, W; every sum written out. */
    private static double byHand(HookedTransformer model, SiteKind kind, int sender, int layer, int head) {
        HookSite z = HookSite.of(SiteKind.Z, 0);
        HookSite scale = HookSite.of(SiteKind.LN1_SCALE, layer);
        HookSite site = HookSite.of(kind, layer);
        try (RunResult clean =
                        model.run(RunRequest.of(TokenBatch.of(CLEAN)).capture(z).build());
                RunResult corrupt = model.run(RunRequest.of(TokenBatch.of(CORRUPT))
                        .capture(z, scale, site)
                        .build())) {
            float[] here = corrupt.cache().get(z).toFloatArray();
            float[] there = clean.cache().get(z).toFloatArray();
            float[] scales = corrupt.cache().get(scale).toFloatArray();
            float[] set = corrupt.cache().get(site).toFloatArray();
            for (int p = 0; p < CLEAN.length; p++) {
                double[] x = written(model, sender, p, here, there);
                double[] q = read(model, kind, layer, normed(model, layer, x, scales[p]));
                int heads = kind == SiteKind.Q ? SMALL.heads() : SMALL.kvHeads();
                for (int e = 0; e < SMALL.dHead(); e++) {
                    set[(p * heads + head) * SMALL.dHead() + e] += (float) q[head * SMALL.dHead() + e];
                }
            }
            return difference(
                    model, RunRequest.of(TokenBatch.of(CORRUPT)).hook("set", site, (value, point) -> value.getManager()
                            .create(set, value.getShape())));
        }
    }

    private static double[] written(HookedTransformer model, int sender, int p, float[] here, float[] there) {
        NDArray weight = model.weights().blocks().get(0).attention().o().weight();
        float[] output = weight.toFloatArray();
        int wide = SMALL.heads() * SMALL.dHead();
        double[] x = new double[SMALL.dModel()];
        for (int d = 0; d < x.length; d++) {
            for (int e = sender * SMALL.dHead(); e < (sender + 1) * SMALL.dHead(); e++) {
                x[d] += (there[p * wide + e] - here[p * wide + e]) * output[d * wide + e];
            }
        }
        return x;
    }

    private static double[] normed(HookedTransformer model, int layer, double[] x, float scale) {
        NormWeights norm = model.weights().blocks().get(layer).norms().ln1();
        boolean layerNorm = model.config().block().norm().kind() == NormSpec.Kind.LAYER;
        double mean = layerNorm
                ? IntStream.range(0, x.length).mapToDouble(d -> x[d]).average().orElseThrow()
                : 0;
        float[] gain =
                Objects.requireNonNull(Objects.requireNonNull(norm).weight()).toFloatArray();
        return IntStream.range(0, x.length)
                .mapToDouble(d -> (x[d] - mean) / scale * gain[d])
                .toArray();
    }

    private static double[] read(HookedTransformer model, SiteKind kind, int layer, double[] x) {
        var attention = model.weights().blocks().get(layer).attention();
        NDArray weight =
                (kind == SiteKind.Q ? attention.q() : kind == SiteKind.K ? attention.k() : attention.v()).weight();
        float[] rows = weight.toFloatArray();
        double[] y = new double[rows.length / x.length];
        for (int i = 0; i < y.length; i++) {
            for (int d = 0; d < x.length; d++) {
                y[i] += x[d] * rows[i * x.length + d];
            }
        }
        return y;
    }

    private static double difference(HookedTransformer model, RunRequest.Builder request) {
        try (RunResult run = model.run(request.lastLogits().build())) {
            float[] logits = run.logits().toFloatArray();
            return (double) logits[ANSWER] - logits[FOIL];
        }
    }

    @Test
    void oneSenderGivesTheRowItHasAmongAll() {
        try (HookedTransformer model = RandomModel.of(RandomModel.llama(SMALL), 3)) {
            Grid all = grid(run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, Component.V)));
            Grid one = grid(run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, Component.V, "1.2")));
            int before = model.ownedResources();
            run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, Component.V, "1.2"));

            assertThat(one.shape()).containsExactly(1, 6);
            for (int receiver = 4; receiver < 6; receiver++) {
                assertThat(one.at(0, receiver)).isCloseTo(all.at(6, receiver), within(1e-5));
            }
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    @Test
    void whatIsNotLinearIsRefused() {
        ModelConfig plain = RandomModel.gpt2(SMALL);
        ModelConfig post = new ModelConfig(
                "bert-like",
                plain.dims(),
                plain.embed(),
                plain.attention(),
                new BlockSpec(Arrangement.POST_NORM, plain.block().norm()),
                plain.mlp(),
                plain.unembed());
        try (HookedTransformer model = RandomModel.of(post, 3);
                HookedTransformer other = RandomModel.of(plain, 3)) {
            assertThatThrownBy(() -> run(model, parameters(CLEAN, CORRUPT, ANSWER, FOIL, Component.Q)))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("behind every addition")
                    .hasMessageContaining("path-patch");
            assertThatThrownBy(() -> run(other, parameters(CLEAN, CLEAN, ANSWER, FOIL, Component.Q)))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("share of nothing");
        }
    }

    private static DirectPaths.Parameters parameters(
            int[] clean, int[] corrupt, int answer, int foil, Component component, String... senders) {
        return new DirectPaths.Parameters(
                IdContexts.prompt(clean),
                IdContexts.prompt(corrupt),
                new Prompt.Ids(List.of(answer)),
                new Prompt.Ids(List.of(foil)),
                component,
                List.of(senders));
    }

    private static Findings run(HookedTransformer model, DirectPaths.Parameters parameters) {
        return new DirectPaths().run(IdContexts.of(model), parameters, Progress.none());
    }

    private static Grid grid(Findings found) {
        return ((GridPanel) found.panels().get(0)).grid();
    }
}
