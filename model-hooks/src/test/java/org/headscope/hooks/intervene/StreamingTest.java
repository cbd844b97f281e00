package org.headscope.hooks.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.generate.Generation;
import org.headscope.hooks.generate.GenerationRequest;
import org.headscope.hooks.generate.Generator;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.Acts;
import org.headscope.hooks.testing.SmallModels;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads that see only the first and the latest tokens, against the plain pattern cut and shared out anew by hand. */
@Tag("engine")
class StreamingTest {
    private static final TokenBatch TOKENS =
            TokenBatch.of(new int[] {3, 1, 4, 1, 5, 9, 2, 6, 5, 3}, new int[] {5, 8, 9, 7, 9, 3, 2, 3, 8, 4});
    private static final HookSite PATTERN = HookSite.of(SiteKind.PATTERN, 0);
    private static final StreamingWindow WINDOW = new StreamingWindow(1, 3);

    static Stream<Supplier<HookedTransformer>> models() {
        return Stream.of(
                SmallModels::gpt2,
                SmallModels::llama,
                SmallModels::capped,
                StreamingTest::alibi,
                () -> SmallModels.windowed(5),
                () -> SmallModels.arranged(BlockSpec.Arrangement.PARALLEL),
                () -> SmallModels.arranged(BlockSpec.Arrangement.POST_NORM));
    }

    private static HookedTransformer alibi() {
        ModelConfig c = RandomModel.llama(SmallModels.GROUPED);
        AttentionSpec a = c.attention();
        AttentionSpec sloped = new AttentionSpec(
                true,
                a.layers().stream()
                        .map(l -> new org.headscope.hooks.config.LayerAttention(l.scale(), 0, null))
                        .toList(),
                a.qkNorm(),
                null,
                AttentionSpec.Alibi.AFTER_SCALE);
        return RandomModel.of(
                new ModelConfig(c.family(), c.dims(), c.embed(), sloped, c.block(), c.mlp(), c.unembed()), 4);
    }

    private static Intervention streaming(int layer, StreamingWindow window, Integer... heads) {
        return new Intervention.Streaming(layer, Set.of(heads), window);
    }

    @ParameterizedTest
    @MethodSource("models")
    void theRestOfThePatternIsSharedOutAnew(Supplier<HookedTransformer> make) {
        try (HookedTransformer model = make.get()) {
            Acts plain = Acts.at(PATTERN, model, TOKENS);
            Acts expected = plain.map((at, old) -> {
                boolean mine = at[1] == 1 || at[1] == 2;
                return !mine ? old : WINDOW.sees(at[2], at[3]) ? old / left(plain, at) : 0;
            });
            Acts cut = Acts.at(PATTERN, model, TOKENS, streaming(0, WINDOW, 1, 2));

            assertThat(cut.distance(expected)).isLessThan(1e-6);
            assertThat(cut.distance(plain)).isGreaterThan(0.01);
        }
    }

    /** What a query keeps of its attention. */
    private static double left(Acts pattern, int[] at) {
        double left = 0;
        for (int key = 0; key <= at[2]; key++) {
            left += key < 1 || key > at[2] - 3 ? pattern.get(at[0], at[1], at[2], key) : 0;
        }
        return left;
    }

    @ParameterizedTest
    @MethodSource("models")
    void aWindowAsLongAsTheTextChangesNoBit(Supplier<HookedTransformer> make) {
        try (HookedTransformer model = make.get()) {
            Acts plain = Acts.logits(model, TOKENS);
            for (StreamingWindow wide : List.of(new StreamingWindow(0, 10), new StreamingWindow(4, 6))) {
                Intervention all = streaming(0, wide, 0, 1, 2, 3);
                assertThat(Acts.logits(model, TOKENS, all).same(plain)).isTrue();
                assertThat(Acts.receipts(model, TOKENS, all))
                        .singleElement()
                        .satisfies(receipt -> assertThat(receipt.change()).isZero());
            }
            assertThat(Acts.logits(model, TOKENS, streaming(0, new StreamingWindow(0, 4), 0, 1, 2, 3))
                            .same(plain))
                    .isFalse();
        }
    }

    /** One position at a time, on kept keys, as in one piece. */
    @ParameterizedTest
    @MethodSource("models")
    void generationWithACacheIsThatFromScratch(Supplier<HookedTransformer> make) {
        try (HookedTransformer model = make.get()) {
            List<SiteEdit> edits = new Interventions(model.config())
                    .compile(List.of(streaming(0, WINDOW, 0, 1), streaming(1, new StreamingWindow(0, 2), 3)));
            int[] ids = {3, 1, 4, 1, 5, 9};
            Generation made =
                    new Generator(model).run(GenerationRequest.greedy(ids, 12).edits(edits));
            for (int token : made.ids()) {
                try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ids))
                        .edits(edits)
                        .lastLogits()
                        .build())) {
                    float[] logits = run.logits().toFloatArray();
                    float largest = Float.NEGATIVE_INFINITY;
                    for (float logit : logits) {
                        largest = Math.max(largest, logit);
                    }
                    assertThat(logits[token]).isCloseTo(largest, within(1e-4f));
                }
                ids = Arrays.copyOf(ids, ids.length + 1);
                ids[ids.length - 1] = token;
            }
            assertThat(made.receipts()).hasSize(2).allMatch(receipt -> receipt.fired() == 12);
        }
    }

    /** It copies what stood eleven positions before: visible in the last twelve, not in the last eleven. */
    @Test
    void aHeadThatCopiesFromAfarNeedsAWindowAsLongAsItsReach() {
        int[] ids = java.util.stream.IntStream.range(1, 25).toArray();
        Intervention reach = streaming(0, new StreamingWindow(1, CopyRetrievalModel.DISTANCE), CopyRetrievalModel.HEAD);
        Intervention less =
                streaming(0, new StreamingWindow(1, CopyRetrievalModel.DISTANCE - 1), CopyRetrievalModel.HEAD);
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            int copied = ids[ids.length - CopyRetrievalModel.DISTANCE];
            assertThat(Acts.logits(model, TokenBatch.of(ids), reach).get(0, ids.length - 1, copied))
                    .isCloseTo(10, within(1e-5f));
            assertThat(Acts.logits(model, TokenBatch.of(ids), less).get(0, ids.length - 1, copied))
                    .isCloseTo(0, within(1e-5f));
            assertThat(Acts.receipts(model, TokenBatch.of(ids), less))
                    .containsExactly(
                            new Receipt("layer 0 heads [2] streaming 1+11", "blocks.0.attn.hook_attn_scores", 1, 1));
        }
    }

    @Test
    void paddingInFrontLeavesNoQueryWithoutAKey() {
        TokenBatch padded = TokenBatch.of(new int[] {0, 0, 0, 0, 0, 9, 2, 6, 5, 3})
                .withPadding(new int[][] {{0, 0, 0, 0, 0, 1, 1, 1, 1, 1}});
        try (HookedTransformer model = SmallModels.llama()) {
            Acts pattern = Acts.at(PATTERN, model, padded, streaming(0, WINDOW, 0, 1, 2, 3));
            for (int query = 0; query < 10; query++) {
                double sum = 0;
                for (int key = 0; key < 10; key++) {
                    sum += pattern.get(0, 0, query, key);
                }
                assertThat(sum).isCloseTo(1, within(1e-6));
            }
            assertThat(pattern.get(0, 0, 9, 6)).isZero();
            assertThat(pattern.get(0, 0, 9, 7)).isPositive();
        }
    }

    @Test
    void whatCannotStreamIsRefused() {
        assertThatThrownBy(() -> new StreamingWindow(4, 0))
                .isInstanceOf(HeadscopeException.class)
                .hasMessageContaining("at least 1");
        Interventions compiler = new Interventions(RandomModel.llama(SmallModels.GROUPED));
        assertThatThrownBy(() -> compiler.compile(List.of(streaming(0, WINDOW, 4))))
                .hasMessageContaining("heads 0 to 3");
        assertThatThrownBy(() -> compiler.compile(List.of(streaming(0, WINDOW))))
                .hasMessageContaining("names no heads");
        assertThatThrownBy(() -> compiler.compile(List.of(streaming(2, WINDOW, 0))))
                .hasMessageContaining("layers 0 to 1");
        ModelConfig c = RandomModel.gpt2(SmallModels.DIMS);
        AttentionSpec a = c.attention();
        AttentionSpec both = new AttentionSpec(false, a.layers(), a.qkNorm(), null, a.alibi());
        Interventions bert =
                new Interventions(new ModelConfig("bert", c.dims(), c.embed(), both, c.block(), c.mlp(), c.unembed()));
        assertThatThrownBy(() -> bert.compile(List.of(streaming(0, WINDOW, 0))))
                .hasMessageContaining("reads in both directions");
    }
}
