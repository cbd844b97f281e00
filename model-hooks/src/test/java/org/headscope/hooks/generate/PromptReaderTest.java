package org.headscope.hooks.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading in pieces against one plain run, for every kind of mask and position. */
@Tag("engine")
class PromptReaderTest {
    private static final int LENGTH = 17;
    private static final Dims GROUPED = new Dims(2, 4, 2, 32, 8, 48, 32, 40);
    private static final Dims PLAIN = new Dims(2, 4, 4, 32, 8, 48, 32, 40);
    private static final HookSite SITE = HookSite.of(SiteKind.PATTERN, 1);

    static Stream<ModelConfig> models() {
        ModelConfig llama = RandomModel.llama(GROUPED);
        ModelConfig gpt2 = RandomModel.gpt2(PLAIN);
        BlockSpec parallel =
                new BlockSpec(BlockSpec.Arrangement.PARALLEL, gpt2.block().norm());
        return Stream.of(
                gpt2,
                llama,
                new ModelConfig(
                        "parallel", PLAIN, gpt2.embed(), gpt2.attention(), parallel, gpt2.mlp(), gpt2.unembed()),
                with(llama, "window", 5, null, AttentionSpec.Alibi.NONE),
                with(llama, "softcap", 3, 2.0, AttentionSpec.Alibi.NONE),
                with(gpt2, "alibi", 0, null, AttentionSpec.Alibi.values()[1]));
    }

    /** The second layer with a window; soft cap and ALiBi in both. */
    private static ModelConfig with(
            ModelConfig config, String family, int window, @Nullable Double softcap, AttentionSpec.Alibi alibi) {
        AttentionSpec old = config.attention();
        List<LayerAttention> layers = new ArrayList<>(old.layers());
        LayerAttention second = layers.get(1);
        layers.set(1, new LayerAttention(second.scale(), window, second.rope()));
        AttentionSpec attention = new AttentionSpec(true, layers, AttentionSpec.QkNorm.NONE, softcap, alibi);
        return new ModelConfig(
                family, config.dims(), config.embed(), attention, config.block(), config.mlp(), config.unembed());
    }

    @ParameterizedTest
    @MethodSource("models")
    void piecesHaveTheAttentionOfAPlainRun(ModelConfig config) {
        try (HookedTransformer model = RandomModel.of(config, 8)) {
            int[] ids = new Random(1).ints(LENGTH, 0, 40).toArray();
            List<SiteEdit> edits = new Interventions(config)
                    .compile(List.of(
                            new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero()),
                            new Intervention.Ablate(new Target.HeadAt(0, 2, Set.of(9, 10)), new Ablation.Uniform()),
                            new Intervention.Ablate(new Target.HeadAt(1, 0, Set.of(3)), new Ablation.Gate(2))));
            float[] expected;
            List<Receipt> receipts;
            try (RunResult run = model.run(RunRequest.of(TokenBatch.of(new int[][] {ids}))
                    .edits(edits)
                    .capture(SITE)
                    .build())) {
                expected = run.cache().get(SITE).toFloatArray();
                receipts = run.receipts();
            }
            int before = model.ownedResources();
            for (int rows : new int[] {1, 5, LENGTH, 100}) {
                float[] got = new float[expected.length];
                List<Receipt> acted = new PromptReader(model, rows).read(ids, edits, SITE, (first, value) -> {
                    int queries = (int) value.getShape().get(2);
                    assertThat(queries).isEqualTo(Math.min(rows, LENGTH - first));
                    assertThat(value.getShape().get(3)).isEqualTo(first + queries);
                    spread(value.toFloatArray(), first, queries, got);
                });
                assertThat(got).containsExactly(expected, within(1e-5f));
                assertThat(acted)
                        .extracting(Receipt::label)
                        .containsAll(receipts.stream().map(Receipt::label).toList());
                assertThat(model.ownedResources()).isEqualTo(before);
            }
        }
    }

    /** Puts rows of a few keys where they belong among rows of all keys. */
    private static void spread(float[] piece, int first, int queries, float[] whole) {
        int keys = first + queries;
        for (int i = 0; i < piece.length; i++) {
            int head = i / (queries * keys);
            int query = first + i / keys % queries;
            whole[(head * LENGTH + query) * LENGTH + i % keys] = piece[i];
        }
    }

    @Test
    void whatDoesNotFitIsRefused() {
        try (HookedTransformer model = RandomModel.of(RandomModel.gpt2(PLAIN), 8)) {
            PromptReader reader = new PromptReader(model, 4);
            int[] long33 = IntStream.range(0, 33).toArray();
            assertThatThrownBy(() -> reader.read(long33, List.of(), SITE, (first, value) -> {}))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("32");
            HookSite missing = HookSite.of(SiteKind.PATTERN, 7);
            assertThatThrownBy(() -> reader.read(new int[] {1}, List.of(), missing, (first, value) -> {}))
                    .isInstanceOf(HeadscopeException.class);
            assertThatThrownBy(() -> new PromptReader(model, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
