package org.headscope.analysis.circuit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import ai.djl.ndarray.NDArray;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.circuit.NameCopying.Parameters;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.AttentionWeights;
import org.headscope.hooks.weights.BlockWeights;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.ModelWeights;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class NameCopyingTest {
    private static final int[] NAMES = IntStream.range(4, 28).toArray();

    static Stream<ModelConfig> models() {
        return Stream.of(
                RandomModel.gpt2(new Dims(2, 4, 4, 16, 4, 24, 16, 31)),
                RandomModel.llama(new Dims(2, 4, 2, 16, 6, 24, 16, 31)));
    }

    @Test
    void theInductionHeadCopiesEveryTokenAndNoOtherHeadDoes() {
        try (HookedTransformer model = InductionModel.create()) {
            Grid copies = grid(run(model, NAMES), 0);
            Grid lowers = grid(run(model, NAMES), 1);

            assertThat(copies.at(1, 2)).isEqualTo(1);
            assertThat(lowers.at(1, 2)).isZero();
            for (int head : new int[] {0, 1, 3}) {
                assertThat(copies.at(1, head)).isZero();
            }
            assertThat(copies.at(0, 1)).isNaN();
        }
    }

    @Test
    void turnedRoundItIsANegativeHead() {
        try (HookedTransformer model = InductionModel.create();
                HookedTransformer turned = new HookedTransformer(model.config(), negated(model), model.newManager())) {
            assertThat(grid(run(turned, NAMES), 0).at(1, 2)).isZero();
            assertThat(grid(run(turned, NAMES), 1).at(1, 2)).isEqualTo(1);
        }
    }

    private static ModelWeights negated(HookedTransformer model) {
        List<BlockWeights> blocks = new ArrayList<>(model.weights().blocks());
        AttentionWeights a = blocks.get(1).attention();
        Linear o = new Linear(a.o().weight().neg(), null);
        blocks.set(
                1,
                new BlockWeights(
                        new AttentionWeights(a.q(), a.k(), a.v(), o, a.extras()),
                        null,
                        blocks.get(1).norms()));
        return new ModelWeights(model.weights().embed(), blocks, model.weights().unembed());
    }

    /**
     * By hooks: the name alone, so that every head of layer 1 attends to itself with 1. Its z is then what the score
     * needs, and one head's result is unembedded with everything else taken away.
     */
    @ParameterizedTest
    @MethodSource("models")
    void aNameCountsWhenItsOwnResultPutsItAmongTheFirst(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 8)) {
            Findings found = run(model, NAMES);

            for (int head = 0; head < 4; head++) {
                for (int sign : new int[] {1, -1}) {
                    int hits = 0;
                    for (int name : NAMES) {
                        hits += isAmongFirst(model, name, head, sign) ? 1 : 0;
                    }
                    assertThat(grid(found, sign > 0 ? 0 : 1).at(1, head))
                            .isCloseTo((double) hits / NAMES.length, within(1e-9));
                }
            }
        }
    }

    private static boolean isAmongFirst(HookedTransformer model, int name, int head, int sign) {
        HookSite result = HookSite.of(SiteKind.RESULT, 1);
        HookSite end = HookSite.of(SiteKind.RESID_POST, 1);
        float[][] own = new float[1][];
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[] {name}))
                .hook("see", result, (value, point) -> {
                    own[0] = value.get("0, 0, " + head).toFloatArray();
                    return null;
                })
                .hook("alone", end, (value, point) -> alone(value, own[0], sign))
                .build())) {
            float[] logits = run.logits().toFloatArray();
            long above = IntStream.range(0, logits.length)
                    .filter(id -> id != name && logits[id] >= logits[name])
                    .count();
            return above < 5;
        }
    }

    private static NDArray alone(NDArray value, float[] own, int sign) {
        NDArray written = value.getManager().create(own, value.getShape());
        return sign > 0 ? written : written.neg();
    }

    @Test
    void aModelOfOneLayerAndBadTokensAreRefused() {
        try (HookedTransformer one = CopyRetrievalModel.create();
                HookedTransformer two = InductionModel.create()) {
            assertThatThrownBy(() -> run(one, NAMES))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("one layer");
            assertThatThrownBy(() -> run(two, new int[] {3, 32}))
                    .isInstanceOf(ParameterException.class)
                    .hasMessageContaining("0 to 31");
        }
    }

    /** The movers that direct logit attribution finds copy names by their weights. */
    @Test
    void theShippedModelsMoversCopyNames() {
        Path folder = Path.of(System.getProperty("headscope.assets"), "models", "world-6l");
        try (HookedTransformer model = ModelLoader.load(folder)) {
            Findings found = new NameCopying()
                    .run(IdContexts.withBos(model, 0), new Parameters(null, 60, 5, 10), Progress.none());
            int before = model.ownedResources();
            new NameCopying().run(IdContexts.withBos(model, 0), new Parameters(null, 5, 5, 10), Progress.none());

            assertThat(grid(found, 0).at(5, 3)).isGreaterThan(0.9);
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    private static Findings run(HookedTransformer model, int[] names) {
        return new NameCopying().run(IdContexts.of(model), new Parameters(prompt(names), 100, 5, 10), Progress.none());
    }

    private static Grid grid(Findings found, int panel) {
        return ((HeadGrid) found.panels().get(panel)).grid();
    }
}
