package org.headscope.analysis.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.TinyReference;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.config.RopeSpec;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("engine")
class LongHeadsTest {
    private static final Dims GROUPED = new Dims(2, 4, 2, 32, 8, 48, 48, 40);
    private static final ChunkPlan PLAN = new ChunkPlan(3, 15);
    private static final int LENGTH = 31;
    private static final int[] IDS =
            IntStream.range(0, LENGTH).map(i -> (7 * i * i + 3 * i + 5) % 40).toArray();
    private static final HookSite PATTERN = HookSite.of(SiteKind.PATTERN, 0);

    /** Chunks of 3, budget 15: query 25 stands in chunk 8, reads 0, 7, 8 and the best two of 1 to 6. */
    @Test
    void theFirstAndTheTwoLatestChunksAreAlwaysRead() {
        double[] scores = {9, 0, 5, 1, 4, 5, 3, 9, 9, 9};

        assertThat(PLAN.chooses(14)).isFalse();
        assertThat(PLAN.chooses(15)).isTrue();
        assertThat(PLAN.candidates(25)).isEqualTo(6);
        assertThat(PLAN.chosen(scores, 25)).containsExactly(0, 2, 5, 7, 8);
        assertThat(PLAN.chosen(scores, 15)).containsExactly(0, 2, 3, 4, 5);
        assertThat(PLAN.isCandidate(6, 25)).isTrue();
        assertThat(PLAN.isCandidate(7, 25)).isFalse();
        assertThat(PLAN.isCandidate(0, 25)).isFalse();
        assertThatThrownBy(() -> new ChunkPlan(16, 40))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("multiple of the chunk");
    }

    /** Keys are zero but for the needle's, values too: the chunk of the needle scores 1 / chunk, every other one 0. */
    @Test
    void aHeadWhoseQueryMatchesTheNeedleChoosesItsChunk() {
        Dims dims = new Dims(1, 2, 1, 8, 4, 0, 48, 40);
        float[] q = new float[24 * 8];
        float[] k = new float[24 * 4];
        k[9 * 4 + 2] = 1;
        q[23 * 8 + 4 + 2] = 2;
        var vectors = new LayerVectors(dims, new LayerAttention(0.5, 0, null), q, k, new float[24 * 4]);

        assertThat(new ChunkKeys(vectors, 1, 3).scores(23)).containsExactly(0, 0, 0, 2 / 3.0, 0, 0, 0, 0);
        assertThat(new ChunkKeys(vectors, 0, 3).scores(23)).containsOnly(0);
    }

    static List<ModelConfig> models() {
        return List.of(RandomModel.llama(GROUPED), RandomModel.gpt2(new Dims(2, 4, 4, 32, 8, 48, 48, 40)));
    }

    /** Taking the rotation out of a rotated key gives the key before it, in every layout of pairs. */
    @ParameterizedTest
    @ValueSource(strings = {"llama", "gptj", "gpt_neox", "phi", "stablelm"})
    void turningBackUndoesTheRotationOfTheModel(String family) {
        TinyReference tiny = TinyReference.of(family);
        try (HookedTransformer model = ModelLoader.load(tiny.folder())) {
            Dims dims = model.config().dims();
            HookSite turned = HookSite.of(SiteKind.ROT_K, 1);
            HookSite plain = HookSite.of(SiteKind.K, 1);
            try (RunResult run = model.run(
                    RunRequest.of(TokenBatch.of(IDS)).capture(turned, plain).build())) {
                float[] from = run.cache().get(turned).toFloatArray();
                float[] to = run.cache().get(plain).toFloatArray();
                Turn turn = new Turn(model.config().attention().layers().get(1).rope(), dims.dHead());
                for (int i = 0; i < from.length / dims.dHead(); i++) {
                    double[] back = turn.moved(from, i * dims.dHead(), -(i / dims.kvHeads()));
                    for (int d = 0; d < back.length; d++) {
                        assertThat(back[d]).isCloseTo(to[i * dims.dHead() + d], within(1e-5));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aBudgetAsLongAsTheTextChangesNoBit(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            float[] plain = logits(model, List.of());

            assertThat(logits(model, new ChunkAttention(config, new ChunkPlan(4, 32), null).edits()))
                    .containsExactly(plain);
            assertThat(logits(model, new ChunkAttention(config, PLAN, null).edits()))
                    .isNotEqualTo(plain);
            assertThat(logits(model, new ChunkAttention(config, PLAN, 1L).edits()))
                    .isNotEqualTo(logits(model, new ChunkAttention(config, PLAN, 2L).edits()));
        }
    }

    private static float[] logits(HookedTransformer model, List<SiteEdit> edits) {
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(IDS)).edits(edits).build())) {
            return run.logits().toFloatArray();
        }
    }

    /** Everything again with complex numbers, from the vectors before the rotation and the positions inside the budget. */
    @Test
    void withRotaryPositionsAttentionIsThatOfTheChosenChunksMovedTogether() {
        ModelConfig config = RandomModel.llama(GROUPED);
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            Naive naive = Naive.of(model);
            float[] pattern = pattern(model, new ChunkAttention(config, PLAN, null).edits());
            for (int head = 0; head < 4; head++) {
                for (int query = 0; query < LENGTH; query++) {
                    double[] expected = naive.row(head, query);
                    for (int key = 0; key < LENGTH; key++) {
                        assertThat(pattern[(head * LENGTH + query) * LENGTH + key])
                                .as("head " + head + ", query " + query + ", key " + key)
                                .isCloseTo((float) expected[key], within(2e-6f));
                    }
                }
            }
        }
    }

    /** Learned positions cannot be moved: the plain pattern, cut and shared out anew. */
    @Test
    void withLearnedPositionsAttentionIsCutToTheChosenChunks() {
        ModelConfig config = RandomModel.gpt2(new Dims(2, 4, 4, 32, 8, 48, 48, 40));
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            float[] plain = pattern(model, List.of());
            float[] cut = pattern(model, new ChunkAttention(config, PLAN, null).edits());
            for (int row = 0; row < 4 * LENGTH; row++) {
                int query = row % LENGTH;
                double kept = 0;
                int read = 0;
                for (int key = 0; key <= query; key++) {
                    boolean in = cut[row * LENGTH + key] > 0;
                    kept += in ? plain[row * LENGTH + key] : 0;
                    read += in ? 1 : 0;
                }
                assertThat(read).isEqualTo(query < 15 ? query + 1 : 13 + query % 3);
                for (int key = 0; key <= query; key++) {
                    float now = cut[row * LENGTH + key];
                    assertThat(now).isCloseTo(now > 0 ? (float) (plain[row * LENGTH + key] / kept) : 0, within(1e-6f));
                }
            }
        }
    }

    private static float[] pattern(HookedTransformer model, List<SiteEdit> edits) {
        try (RunResult run = model.run(
                RunRequest.of(TokenBatch.of(IDS)).edits(edits).capture(PATTERN).build())) {
            return run.cache().get(PATTERN).toFloatArray();
        }
    }

    /** Layer 0 of a Llama by its own arithmetic: vectors before the rotation, pairs as complex numbers. */
    private record Naive(float[] q, float[] k, float[] v, RopeSpec rope) {
        static Naive of(HookedTransformer model) {
            HookSite q = HookSite.of(SiteKind.Q, 0);
            HookSite k = HookSite.of(SiteKind.K, 0);
            HookSite v = HookSite.of(SiteKind.V, 0);
            RopeSpec rope = Objects.requireNonNull(
                    model.config().attention().layers().get(0).rope());
            try (RunResult run =
                    model.run(RunRequest.of(TokenBatch.of(IDS)).capture(q, k, v).build())) {
                return new Naive(
                        run.cache().get(q).toFloatArray(),
                        run.cache().get(k).toFloatArray(),
                        run.cache().get(v).toFloatArray(),
                        rope);
            }
        }

        private double[] query(int head, int at, int position) {
            return turned(q, (at * 4 + head) * 8, position);
        }

        private double[] key(int head, int at, int position) {
            return turned(k, (at * 2 + head / 2) * 8, position);
        }

        private double[] turned(float[] from, int at, int position) {
            double[] to = new double[8];
            for (int i = 0; i < 4; i++) {
                double length = Math.hypot(from[at + i], from[at + i + 4]);
                double angle = Math.atan2(from[at + i + 4], from[at + i])
                        + position * rope.inverseFrequencies().get(i);
                to[i] = length * Math.cos(angle);
                to[i + 4] = length * Math.sin(angle);
            }
            return to;
        }

        private static double dot(double[] a, double[] b) {
            return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
        }

        private static double[] softmax(double[] scores) {
            double sum = Arrays.stream(scores).map(Math::exp).sum();
            return Arrays.stream(scores).map(s -> Math.exp(s) / sum).toArray();
        }

        private double[] chunkKey(int head, int chunk) {
            double[] mean = new double[8];
            for (int t = 0; t < 3; t++) {
                double[] query = query(head, 3 * chunk + t, t);
                double[] weights = softmax(IntStream.range(0, 3)
                        .mapToDouble(s -> dot(query, key(head, 3 * chunk + s, s)) / Math.sqrt(8))
                        .toArray());
                for (int s = 0; s < 3; s++) {
                    for (int d = 0; d < 8; d++) {
                        mean[d] += weights[s] * v[((3 * chunk + s) * 2 + head / 2) * 8 + d] / 3;
                    }
                }
            }
            double[] weights = softmax(IntStream.range(0, 3)
                    .mapToDouble(s -> dot(mean, key(head, 3 * chunk + s, s)) / Math.sqrt(8))
                    .toArray());
            double[] out = new double[8];
            for (int s = 0; s < 3; s++) {
                for (int d = 0; d < 8; d++) {
                    out[d] += weights[s] * key(head, 3 * chunk + s, s)[d];
                }
            }
            return out;
        }

        double[] row(int head, int query) {
            double[] row = new double[LENGTH];
            List<Integer> chunks =
                    query < 15 ? IntStream.rangeClosed(0, query / 3).boxed().toList() : chosen(head, query);
            int own = query < 15 ? query : 12 + query % 3;
            double sum = 0;
            for (int rank = 0; rank < chunks.size(); rank++) {
                for (int i = 0; i < 3 && 3 * chunks.get(rank) + i <= query; i++) {
                    int at = 3 * chunks.get(rank) + i;
                    row[at] = Math.exp(dot(query(head, query, own), key(head, at, 3 * rank + i)) / Math.sqrt(8));
                    sum += row[at];
                }
            }
            double all = sum;
            return Arrays.stream(row).map(weight -> weight / all).toArray();
        }

        private List<Integer> chosen(int head, int query) {
            int own = query / 3;
            List<Integer> best = IntStream.rangeClosed(1, own - 2)
                    .boxed()
                    .sorted((a, b) -> Double.compare(score(head, query, b), score(head, query, a)))
                    .limit(2)
                    .toList();
            return IntStream.concat(IntStream.of(0, own - 1, own), best.stream().mapToInt(c -> c))
                    .sorted()
                    .boxed()
                    .toList();
        }

        private double score(int head, int query, int chunk) {
            return dot(query(head, query, 0), chunkKey(head, chunk));
        }
    }

    @Test
    void modelsThatSeeAWindowOrBothWaysAreRefused() {
        ModelConfig c = RandomModel.llama(GROUPED);
        AttentionSpec a = c.attention();
        LayerAttention sliding = new LayerAttention(1, 5, a.layers().get(0).rope());
        AttentionSpec windows =
                new AttentionSpec(true, List.of(a.layers().get(0), sliding), a.qkNorm(), null, a.alibi());
        AttentionSpec both = new AttentionSpec(false, a.layers(), a.qkNorm(), null, a.alibi());

        assertThat(ChunkAttention.refusal(c)).isNull();
        assertThat(ChunkAttention.refusal(with(c, windows))).contains("layer 1 sees a sliding window");
        assertThat(ChunkAttention.refusal(with(c, both))).contains("both directions");
    }

    private static ModelConfig with(ModelConfig c, AttentionSpec attention) {
        return new ModelConfig(c.family(), c.dims(), c.embed(), attention, c.block(), c.mlp(), c.unembed());
    }

    @Test
    void aShortRunOnTheShippedModelFindsHeadsThatChooseTheNeedle() {
        try (HookedTransformer world = WorldModel.load()) {
            int before = world.ownedResources();
            for (EncodedExample example : new PasskeyTexts(WorldModel.context(world), 200).questions(10)) {
                int place = NeedlePlace.of(example);
                assertThat(example.isRight(example.clean()[place])).isTrue();
                assertThat(place).isLessThan(example.length() - 8);
            }
            var parameters = new LongHeads.Parameters(200, 8, 48, 12, 2);
            Findings found = new LongHeads().run(WorldModel.context(world), parameters, Progress.none());

            HeadGrid rates = (HeadGrid) WorldModel.panel(found, ChunkHits.RATE);
            assertThat(rates.grid().shape()).containsExactly(6, 8);
            assertThat(rates.interval()).isNotNull();
            assertThat(Arrays.stream(rates.grid().toArray())).allMatch(rate -> rate >= 0 && rate <= 1);
            HeadPositionGrid choice = (HeadPositionGrid) WorldModel.panel(found, ChunkHits.CHOICE);
            for (int layer = 0; layer < 6; layer++) {
                for (int head = 0; head < 8; head++) {
                    int l = layer;
                    int h = head;
                    assertThat(IntStream.range(0, choice.grid().shape()[1])
                                    .mapToDouble(c -> choice.grid().at(l, c, h))
                                    .sum())
                            .isEqualTo(6);
                }
            }
            List<List<Object>> rows = WorldModel.table(found, LongHeads.EXAM).rows();
            assertThat(rows).hasSize(4);
            assertThat((double) rows.get(0).get(1)).isGreaterThan(0.9);
            assertThat(found.receipts()).anyMatch(one -> one.label().startsWith("chunks of layer"));
            assertThat(world.ownedResources()).isEqualTo(before);
        }
    }
}
