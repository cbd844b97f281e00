package org.headscope.analysis.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
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

@Tag("engine")
class DeltaAttentionTest {
    private static final Dims GROUPED = new Dims(2, 4, 2, 32, 8, 48, 32, 40);
    private static final int LENGTH = 20;
    private static final int[] IDS =
            IntStream.range(0, LENGTH).map(i -> (7 * i * i + 3 * i + 5) % 40).toArray();
    private static final HookSite SCORES = HookSite.of(SiteKind.ATTN_SCORES, 0);

    static List<ModelConfig> models() {
        ModelConfig llama = RandomModel.llama(GROUPED);
        AttentionSpec a = llama.attention();
        LayerAttention sliding = new LayerAttention(
                a.layers().get(0).scale(), 7, a.layers().get(0).rope());
        LayerAttention bare = new LayerAttention(a.layers().get(0).scale(), 0, null);
        return List.of(
                llama,
                RandomModel.gpt2(new Dims(2, 4, 4, 32, 8, 48, 32, 40)),
                with(llama, new AttentionSpec(true, a.layers(), a.qkNorm(), 2.0, a.alibi())),
                with(llama, new AttentionSpec(true, List.of(sliding, sliding), a.qkNorm(), null, a.alibi())),
                with(
                        llama,
                        new AttentionSpec(
                                true, List.of(bare, bare), a.qkNorm(), null, AttentionSpec.Alibi.AFTER_SCALE)));
    }

    private static ModelConfig with(ModelConfig c, AttentionSpec attention) {
        return new ModelConfig(c.family(), c.dims(), c.embed(), attention, c.block(), c.mlp(), c.unembed());
    }

    /** Threshold 0.5, worked out by hand: 0.4 is left out, 0.9 is then more than 0.5 away from 0, and so on. */
    @Test
    void aComponentKeepsItsValueUntilItHasMovedByTheThreshold() {
        Dims dims = new Dims(1, 1, 1, 2, 2, 0, 8, 8);
        float[] keys = {0, 0, 0.4f, 1, 0.9f, 1.2f, 1.1f, 0.5f};

        DeltaKeys deltas = DeltaKeys.of(keys, dims, 0.5);

        assertThat(deltas.kept()).containsExactly(0, 0, 0, 1, 0.9f, 1, 0.9f, 0.5f);
        assertThat(deltas.zeros()).containsExactly(0, 1, 1, 1);
        assertThat(deltas.sparsity(dims)).containsExactly(0.5);
        // Of 10 pairs times 2 components, two pairs of key 1 and one of key 2 lie outside a window of 1.
        assertThat(deltas.saved(dims, 1)).isCloseTo(3 / 20.0, within(1e-12));
        assertThat(deltas.saved(dims, 4)).isZero();
        assertThat(DeltaKeys.of(keys, dims, 0).kept()).containsExactly(keys);
        assertThat(DeltaKeys.of(new float[] {2, 3, 2, 3, 2, 3}, dims, 1e-9).sparsity(dims))
                .containsExactly(1);
    }

    @ParameterizedTest
    @MethodSource("models")
    void noThresholdAndAWindowAsLongAsTheTextChangeNoBit(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 3)) {
            float[] plain = logits(model, List.of());

            assertThat(logits(model, new DeltaEdits(config, 0, 1).all())).containsExactly(plain);
            assertThat(logits(model, new DeltaEdits(config, 5, LENGTH).all())).containsExactly(plain);
            assertThat(logits(model, new DeltaEdits(config, 0.3, 2).all())).isNotEqualTo(plain);
        }
    }

    private static float[] logits(HookedTransformer model, List<SiteEdit> edits) {
        try (RunResult run =
                model.run(RunRequest.of(TokenBatch.of(IDS)).edits(edits).build())) {
            return run.logits().toFloatArray();
        }
    }

    /** A cap on scores only brings them closer together. */
    @ParameterizedTest
    @MethodSource("models")
    void scoresMoveByLessThanTheSizeOfTheQueryTimesTheThreshold(ModelConfig config) {
        double theta = 0.3;
        Dims dims = config.dims();
        double scale = config.attention().layers().get(0).scale();
        HookSite site = LayerVectors.sites(config, 0).get(0);
        try (HookedTransformer model = RandomModel.of(config, 3);
                RunResult plain = model.run(
                        RunRequest.of(TokenBatch.of(IDS)).capture(SCORES, site).build());
                RunResult delta = model.run(RunRequest.of(TokenBatch.of(IDS))
                        .edits(new DeltaEdits(config, theta, 3).of(0))
                        .capture(SCORES)
                        .build())) {
            float[] before = plain.cache().get(SCORES).toFloatArray();
            float[] after = delta.cache().get(SCORES).toFloatArray();
            float[] q = plain.cache().get(site).toFloatArray();
            double largest = 0;
            for (int i = 0; i < before.length; i++) {
                int key = i % LENGTH;
                int query = i / LENGTH % LENGTH;
                int at = (query * dims.heads() + i / (LENGTH * LENGTH)) * dims.dHead();
                double size = IntStream.range(at, at + dims.dHead())
                        .mapToDouble(d -> Math.abs(q[d]))
                        .sum();
                if (key > query || before[i] == Float.NEGATIVE_INFINITY) {
                    assertThat(after[i]).isEqualTo(Float.NEGATIVE_INFINITY);
                } else if (key > query - 3) {
                    assertThat(after[i]).isEqualTo(before[i]);
                } else {
                    double moved = Math.abs((double) after[i] - before[i]);
                    assertThat(moved).isLessThanOrEqualTo(scale * size * theta + 1e-6);
                    largest = Math.max(largest, moved / (scale * size * theta));
                }
            }
            assertThat(largest).isGreaterThan(0.1);
        }
    }

    /** The same by plain arithmetic on the rotated vectors of layer 0. */
    @Test
    void scoresOfOldKeysAreThoseOfTheKeptKeys() {
        ModelConfig config = RandomModel.llama(GROUPED);
        HookSite q = HookSite.of(SiteKind.ROT_Q, 0);
        HookSite k = HookSite.of(SiteKind.ROT_K, 0);
        try (HookedTransformer model = RandomModel.of(config, 3);
                RunResult run = model.run(RunRequest.of(TokenBatch.of(IDS))
                        .edits(new DeltaEdits(config, 0.3, 3).of(0))
                        .capture(SCORES, q, k)
                        .build())) {
            float[] scores = run.cache().get(SCORES).toFloatArray();
            float[] queries = run.cache().get(q).toFloatArray();
            float[] keys = run.cache().get(k).toFloatArray();
            for (int head = 0; head < 4; head++) {
                double[] kept = new double[8];
                for (int key = 0; key < LENGTH; key++) {
                    for (int d = 0; d < 8; d++) {
                        double now = keys[(key * 2 + head / 2) * 8 + d];
                        kept[d] = key == 0 || Math.abs(now - kept[d]) >= 0.3 ? now : kept[d];
                    }
                    for (int query = key + 3; query < LENGTH; query++) {
                        double score = 0;
                        for (int d = 0; d < 8; d++) {
                            score += kept[d] * queries[(query * 4 + head) * 8 + d] / Math.sqrt(8);
                        }
                        assertThat(scores[(head * LENGTH + query) * LENGTH + key])
                                .isCloseTo((float) score, within(1e-5f));
                    }
                }
            }
        }
    }

    @Test
    void aShortRunOnTheShippedModelShowsWhatIsLostAsTheThresholdGrows() {
        try (HookedTransformer world = WorldModel.load()) {
            int before = world.ownedResources();
            var parameters = new DeltaAttention.Parameters(160, 1, 16, 2, 10);
            Findings found = new DeltaAttention().run(WorldModel.context(world), parameters, Progress.none());

            HeadGrid sparsity = (HeadGrid) WorldModel.panel(found, DeltaErrors.SPARSITY);
            assertThat(sparsity.grid().shape()).containsExactly(6, 4);
            assertThat(((HeadGrid) WorldModel.panel(found, DeltaErrors.ERROR))
                            .grid()
                            .shape())
                    .containsExactly(6, 8);
            List<List<Object>> rows =
                    WorldModel.table(found, DeltaAttention.OUTPUT).rows();
            assertThat(rows).hasSize(6);
            assertThat((double) rows.get(0).get(1)).isZero();
            assertThat((double) rows.get(0).get(3)).isZero();
            assertThat((double) rows.get(0).get(6)).isGreaterThan(0.8);
            double[] left =
                    rows.stream().mapToDouble(row -> (double) row.get(1)).toArray();
            double[] saved =
                    rows.stream().mapToDouble(row -> (double) row.get(2)).toArray();
            assertThat(left).isSorted();
            assertThat(left[5]).isGreaterThan(0.5);
            assertThat(IntStream.range(0, 6)).allMatch(i -> saved[i] <= left[i]);
            assertThat((double) rows.get(5).get(3))
                    .isGreaterThan((double) rows.get(1).get(3));
            assertThat(Arrays.stream(WorldModel.values(found, DeltaErrors.ERROR))
                            .filter(Double::isNaN)
                            .count())
                    .isZero();
            assertThat(world.ownedResources()).isEqualTo(before);
        }
    }

    @Test
    void modelsThatReadBothWaysAreRefused() {
        ModelConfig c = RandomModel.llama(GROUPED);
        AttentionSpec a = c.attention();
        ModelConfig both = with(c, new AttentionSpec(false, a.layers(), a.qkNorm(), null, a.alibi()));
        try (HookedTransformer model = RandomModel.of(both, 1)) {
            var parameters = new DeltaAttention.Parameters(0, 1, 8, 1, 1);
            assertThatThrownBy(() -> new DeltaAttention().run(IdContexts.of(model), parameters, Progress.none()))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("both directions");
        }
    }
}
