package org.headscope.analysis.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.StreamingWindow;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.train.StreamingGates.Sample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("engine")
class StreamingSensitivityTest {
    private static final StreamingWindow WINDOW = new StreamingWindow(2, 4);

    /**
     * What the copier writes, one token, becomes the mean of the six tokens it still sees, none of them that one: the square
     * of the change is 1 + 1/6, over 128 dimensions. The other heads write nothing.
     */
    @Test
    void theDistanceOfTheHeadThatCopiesIsKnown() {
        Sample sample = new Sample(IntStream.range(0, 30).toArray(), 14);
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            var probe = new StreamingSensitivity.Probe(IdContexts.of(model), WINDOW, new LinkedHashMap<>());
            int before = model.ownedResources();
            double[] distances = probe.distances(sample, Progress.none());

            assertThat(distances[CopyRetrievalModel.HEAD]).isCloseTo((1 + 1 / 6.0) / 128, within(1e-8));
            assertThat(new double[] {distances[0], distances[1], distances[3]}).containsOnly(0);
            assertThat(probe.receipts()).containsKey("layer 0 heads [2] streaming 2+4");
            assertThat(model.ownedResources()).isEqualTo(before);
        }
    }

    static List<ModelConfig> models() {
        return List.of(
                RandomModel.gpt2(new Dims(2, 4, 4, 16, 4, 24, 24, 30)),
                RandomModel.llama(new Dims(2, 4, 2, 16, 4, 24, 24, 30)));
    }

    /** The plain way: one head at a time, and the gain of the norm taken from the weights. */
    @ParameterizedTest
    @MethodSource("models")
    void distancesAreThoseOfRunsByHand(ModelConfig config) {
        int[] ids = {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7};
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            double[] distances = new StreamingSensitivity.Probe(IdContexts.of(model), WINDOW, new LinkedHashMap<>())
                    .distances(new Sample(ids, 10), Progress.none());
            int kv = config.dims().kvHeads();
            double[] full = last(model, ids, List.of());
            for (int i = 0; i < distances.length; i++) {
                int group = config.dims().group();
                Set<Integer> heads = new HashSet<>();
                for (int h = 0; h < group; h++) {
                    heads.add(i % kv * group + h);
                }
                double[] streaming = last(model, ids, List.of(new Intervention.Streaming(i / kv, heads, WINDOW)));
                double sum = 0;
                for (int j = 10 * 16; j < full.length; j++) {
                    sum += (full[j] - streaming[j]) * (full[j] - streaming[j]) / (4 * 16);
                }
                assertThat(distances[i]).isPositive().isCloseTo(sum, within(1e-5 * sum));
            }
        }
    }

    private static double[] last(HookedTransformer model, int[] ids, List<Intervention> interventions) {
        HookSite site = HookSite.global(SiteKind.LN_FINAL_NORMALIZED);
        boolean gain = model.config().family().equals("llama");
        try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ids))
                .edits(new Interventions(model.config()).compile(interventions))
                .capture(site)
                .build())) {
            float[] rows = run.cache().get(site).toFloatArray();
            float[] weight = Objects.requireNonNull(
                            Objects.requireNonNull(model.weights().unembed().finalNorm())
                                    .weight())
                    .toFloatArray();
            return IntStream.range(0, rows.length)
                    .mapToDouble(i -> gain ? rows[i] * (double) weight[i % 16] : rows[i])
                    .toArray();
        }
    }

    @Test
    void headsThatWriteTheKeysOfNeedlesAreSensitiveInTheShippedModel() {
        try (HookedTransformer world = WorldModel.load()) {
            var parameters = new StreamingSensitivity.Parameters(140, 4, 16, 3, 0.5, 20, 2);
            Findings found = new StreamingSensitivity().run(WorldModel.context(world), parameters, Progress.none());
            HeadGrid grid = (HeadGrid) WorldModel.panel(found, StreamingSensitivity.TITLE);

            assertThat(grid.grid().shape()).containsExactly(6, 4);
            assertThat(grid.interval()).isNotNull();
            assertThat(Arrays.stream(grid.grid().toArray()).max().orElseThrow())
                    .isGreaterThan(
                            10 * Arrays.stream(grid.grid().toArray()).min().orElseThrow());
            assertThat(WorldModel.table(found, StreamingExam.TITLE).rows()).hasSize(5);
        }
    }
}
