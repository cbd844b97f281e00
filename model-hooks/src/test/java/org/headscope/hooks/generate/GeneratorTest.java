package org.headscope.hooks.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.NeverFiredException;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.NativeCount;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
    private static final Dims DIMS = new Dims(3, 4, 4, 32, 8, 48, 40, 60);
    private static final Dims GROUPED = new Dims(3, 4, 2, 32, 8, 48, 40, 60);
    private static final int[] PROMPT = {7, 3, 11, 5, 2, 19, 23, 1};
    private static final int NEW = 24;

    /** Models whose caches differ: learned positions, rotary with grouped heads, and the latter with a sliding window. */
    private enum Style {
        LEARNED,
        ROTARY,
        WINDOW;

        HookedTransformer model() {
            return switch (this) {
                case LEARNED -> RandomModel.of(RandomModel.gpt2(DIMS), 2);
                case ROTARY -> RandomModel.of(RandomModel.llama(GROUPED), 2);
                case WINDOW -> RandomModel.of(windowed(RandomModel.llama(GROUPED)), 2);
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Style.class)
    void theCacheChangesNothing(Style style) {
        try (HookedTransformer model = style.model()) {
            GenerationRequest request = GenerationRequest.greedy(PROMPT, NEW);
            assertThat(new Generator(model).run(request).ids()).isEqualTo(uncached(model, request));
        }
    }

    @ParameterizedTest
    @EnumSource(Style.class)
    void theCacheChangesNothingUnderInterventions(Style style) {
        try (HookedTransformer model = style.model()) {
            GenerationRequest plain = GenerationRequest.greedy(PROMPT, NEW);
            GenerationRequest request = plain.edits(edits(model, interventions()));
            int[] ids = new Generator(model).run(request).ids();
            assertThat(ids).isEqualTo(uncached(model, request));
            assertThat(ids).isNotEqualTo(new Generator(model).run(plain).ids());
        }
    }

    @Test
    void theCacheChangesNothingWhenABlockIsSkipped() {
        try (HookedTransformer model = Style.ROTARY.model()) {
            GenerationRequest request = GenerationRequest.greedy(PROMPT, NEW)
                    .edits(edits(model, List.of(new Intervention.Skip(Intervention.Skip.Part.BLOCK, 1))));
            assertThat(new Generator(model).run(request).ids()).isEqualTo(uncached(model, request));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void sampledTextsAreThoseOfTheUncachedLoop(long seed) {
        try (HookedTransformer model = Style.ROTARY.model()) {
            GenerationRequest request = GenerationRequest.greedy(PROMPT, NEW).with(new Sampling(0.8, 20, 0.9, seed));
            assertThat(new Generator(model).run(request).ids()).isEqualTo(uncached(model, request));
        }
    }

    @Test
    void otherSeedsGiveOtherTexts() {
        try (HookedTransformer model = Style.LEARNED.model()) {
            GenerationRequest request = GenerationRequest.greedy(PROMPT, NEW);
            Generator generator = new Generator(model);
            assertThat(generator.run(request.with(Sampling.at(1, 1))).ids())
                    .isNotEqualTo(generator.run(request.with(Sampling.at(1, 2))).ids());
        }
    }

    @Test
    void aSingleTokenCanBeContinued() {
        try (HookedTransformer model = Style.LEARNED.model()) {
            GenerationRequest request = GenerationRequest.greedy(new int[] {4}, 5);
            assertThat(new Generator(model).run(request).ids()).isEqualTo(uncached(model, request));
        }
    }

    @Test
    void logProbabilitiesAreThoseOfTheFullForwardPass() {
        try (HookedTransformer model = Style.ROTARY.model()) {
            Generation generation = new Generator(model).run(GenerationRequest.greedy(PROMPT, 4));
            int[] all = joined(PROMPT, generation.ids());
            try (RunResult run = model.run(RunRequest.of(TokenBatch.of(all)).build())) {
                var logProbs = run.logits().logSoftmax(2);
                for (int i = 0; i < 4; i++) {
                    int position = PROMPT.length - 1 + i;
                    assertThat(generation.logProbs()[i])
                            .isCloseTo(logProbs.getFloat(0, position, all[position + 1]), within(1e-4));
                }
            }
        }
    }

    @Test
    void aStopTokenEndsTheTextAndBelongsToIt() {
        try (HookedTransformer model = Style.LEARNED.model()) {
            int[] whole = new Generator(model)
                    .run(GenerationRequest.greedy(PROMPT, NEW))
                    .ids();
            int stop = whole[2];
            int first = firstIndex(whole, stop);
            Generation stopped = new Generator(model)
                    .run(GenerationRequest.greedy(PROMPT, NEW).stoppingAt(Set.of(stop)));
            assertThat(stopped.ids()).isEqualTo(Arrays.copyOf(whole, first + 1));
            assertThat(stopped.finish()).isEqualTo(Generation.Finish.STOP);
        }
    }

    @Test
    void theContextMayBeFilledToTheBrim() {
        try (HookedTransformer model = Style.LEARNED.model()) {
            int room = DIMS.context() - PROMPT.length + 1;
            assertThat(new Generator(model)
                            .run(GenerationRequest.greedy(PROMPT, room))
                            .ids())
                    .hasSize(room);
        }
    }

    @Test
    void aTextLongerThanTheContextIsRefusedBeforehandWithTheRoomThatIsLeft() {
        try (HookedTransformer model = Style.LEARNED.model()) {
            GenerationRequest request = GenerationRequest.greedy(PROMPT, 34);
            assertThatThrownBy(() -> new Generator(model).run(request))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("at most 33 new tokens");
        }
    }

    @Test
    void tokensArriveOneByOneAsTheyAreChosen() {
        List<Integer> seen = new ArrayList<>();
        try (HookedTransformer model = Style.LEARNED.model()) {
            Generation generation = new Generator(model).run(GenerationRequest.greedy(PROMPT, 5), each(step -> {
                assertThat(step.index()).isEqualTo(seen.size());
                assertThat(step.position()).isEqualTo(PROMPT.length - 1 + step.index());
                seen.add(step.id());
            }));
            assertThat(seen)
                    .containsExactlyElementsOf(
                            Arrays.stream(generation.ids()).boxed().toList());
        }
    }

    @Test
    void cancellingKeepsWhatThereIs() {
        List<Integer> seen = new ArrayList<>();
        GenerationListener listener = new GenerationListener() {
            @Override
            public void generated(GenerationStep step) {
                seen.add(step.id());
            }

            @Override
            public boolean cancelled() {
                return seen.size() == 3;
            }
        };
        try (HookedTransformer model = Style.LEARNED.model()) {
            Generation generation = new Generator(model).run(GenerationRequest.greedy(PROMPT, NEW), listener);
            assertThat(generation.finish()).isEqualTo(Generation.Finish.CANCELLED);
            assertThat(generation.ids()).hasSize(3);
            assertThat(seen).hasSize(3);
        }
    }

    @Test
    void anObservedPatternIsTheRowThatProducedTheToken() {
        HookSite pattern = HookSite.of(SiteKind.PATTERN, 0);
        int[] prompt = sequence(1, 20);
        try (HookedTransformer model = CopyRetrievalModel.create()) {
            GenerationRequest request = GenerationRequest.greedy(prompt, 4).observing(pattern);
            new Generator(model).run(request, each(step -> {
                var row = step.cache().get(pattern);
                assertThat(row.getShape().getShape()).containsExactly(1, 4, 1, step.position() + 1);
                int source = step.position() + 1 - CopyRetrievalModel.DISTANCE;
                assertThat(row.getFloat(0, CopyRetrievalModel.HEAD, 0, source)).isCloseTo(1, within(1e-6f));
                assertThat(step.id()).isEqualTo(prompt[source]);
            }));
        }
    }

    @Test
    void hooksSeeThePromptInOnePieceAndThenOnePositionAtATime() {
        List<String> seen = new ArrayList<>();
        try (HookedTransformer model = Style.ROTARY.model()) {
            GenerationRequest request = GenerationRequest.greedy(PROMPT, 3)
                    .hook("watch", HookSite.of(SiteKind.RESID_POST, 2), (value, point) -> {
                        seen.add(
                                point.context().first() + "+" + value.getShape().get(1));
                        return null;
                    });
            assertThat(new Generator(model).run(request).receipts())
                    .containsExactly(new Receipt("watch", "blocks.2.hook_resid_post", 3, 0));
        }
        assertThat(seen).containsExactly("0+8", "8+1", "9+1");
    }

    @Test
    void hooksOfTheModelAreActiveToo() {
        try (HookedTransformer model = Style.ROTARY.model();
                var scope = model.hooks().open()) {
            scope.add("mine", HookSite.of(SiteKind.Z, 0), (value, point) -> value.zerosLike());
            assertThat(new Generator(model)
                            .run(GenerationRequest.greedy(PROMPT, 2))
                            .receipts())
                    .singleElement()
                    .satisfies(receipt -> assertThat(receipt.label()).isEqualTo("mine"));
        }
    }

    @Test
    void aPatchOfOnePromptPositionLastsThroughTheWholeText() {
        HookSite site = HookSite.of(SiteKind.RESID_PRE, 1);
        int[] other = PROMPT.clone();
        other[3] = 40;
        try (HookedTransformer model = Style.ROTARY.model();
                RunResult source = model.run(
                        RunRequest.of(TokenBatch.of(other)).capture(site).build())) {
            GenerationRequest plain = GenerationRequest.greedy(PROMPT, NEW);
            GenerationRequest patched = plain.edits(
                    edits(model, List.of(new Intervention.Patch(site, Region.position(3), source.cache()))));
            GenerationRequest byHand = plain.hook("by hand", site, (value, point) -> {
                NDArray row = Alias.rows(source.cache().get(site), 3, 4, value.getManager());
                return value.get(":, :3").concat(row, 1).concat(value.get(":, 4:"), 1);
            });
            int[] ids = new Generator(model).run(patched).ids();
            assertThat(ids).isEqualTo(uncached(model, byHand));
            assertThat(ids).isNotEqualTo(new Generator(model).run(plain).ids());
        }
    }

    @Test
    void theFirstTokenComesFromTheVeryLogitsOfAPlainRun() {
        try (HookedTransformer model = Style.ROTARY.model();
                RunResult run = model.run(
                        RunRequest.of(TokenBatch.of(PROMPT)).lastLogits().build())) {
            double expected = run.logits().logSoftmax(2).max().getFloat();
            assertThat(new Generator(model)
                            .run(GenerationRequest.greedy(PROMPT, 1))
                            .logProbs()[0])
                    .isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void aPatchBeyondTheStoredPositionsSaysWhichPositionHasNone() {
        HookSite site = HookSite.of(SiteKind.RESID_PRE, 1);
        try (HookedTransformer model = Style.ROTARY.model();
                RunResult source = model.run(
                        RunRequest.of(TokenBatch.of(PROMPT)).capture(site).build())) {
            GenerationRequest request = GenerationRequest.greedy(PROMPT, 3)
                    .edits(edits(model, List.of(new Intervention.Patch(site, Region.ALL, source.cache()))));
            assertThatThrownBy(() -> new Generator(model).run(request))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("position 8");
        }
    }

    @Test
    void anEditThatNeverActsIsAnError() {
        HookSite site = HookSite.of(SiteKind.RESID_PRE, 1);
        try (HookedTransformer model = Style.ROTARY.model();
                RunResult source = model.run(
                        RunRequest.of(TokenBatch.of(PROMPT)).capture(site).build())) {
            GenerationRequest request = GenerationRequest.greedy(PROMPT, 3)
                    .edits(edits(model, List.of(new Intervention.Patch(site, Region.position(30), source.cache()))));
            assertThatThrownBy(() -> new Generator(model).run(request)).isInstanceOf(NeverFiredException.class);
        }
    }

    @Test
    void nativeMemoryStaysTheSameFromStepToStepAndIsGoneAtTheEnd() {
        Set<Integer> counts = new java.util.HashSet<>();
        try (HookedTransformer model = Style.ROTARY.model();
                NDManager probe = model.newManager()) {
            NDManager all = Objects.requireNonNull(probe.getParentManager());
            new Generator(model).run(GenerationRequest.greedy(PROMPT, 2));
            int before = NativeCount.below(all);
            GenerationRequest request = GenerationRequest.greedy(PROMPT, NEW)
                    .observing(HookSite.of(SiteKind.PATTERN, 1))
                    .edits(edits(model, interventions()));
            new Generator(model).run(request, each(step -> counts.add(NativeCount.below(all))));
            assertThat(counts).hasSize(1);
            assertThat(NativeCount.below(all)).isEqualTo(before);
        }
    }

    @Test
    void nativeMemoryIsGoneAfterAFailure() {
        try (HookedTransformer model = Style.ROTARY.model();
                NDManager probe = model.newManager()) {
            NDManager all = Objects.requireNonNull(probe.getParentManager());
            new Generator(model).run(GenerationRequest.greedy(PROMPT, 2));
            int before = NativeCount.below(all);
            GenerationRequest request = GenerationRequest.greedy(PROMPT, 5)
                    .hook("fails", HookSite.of(SiteKind.Z, 1), (value, point) -> {
                        if (point.context().first() == 9) {
                            throw new IllegalStateException("on purpose");
                        }
                        return null;
                    });
            assertThatThrownBy(() -> new Generator(model).run(request)).hasMessage("on purpose");
            assertThat(NativeCount.below(all)).isEqualTo(before);
        }
    }

    @Test
    void aModelThatReadsBothWaysIsRefused() {
        ModelConfig c = RandomModel.gpt2(DIMS);
        AttentionSpec a = c.attention();
        AttentionSpec both = new AttentionSpec(false, a.layers(), a.qkNorm(), a.softcap(), a.alibi());
        ModelConfig config = new ModelConfig("bert", c.dims(), c.embed(), both, c.block(), c.mlp(), c.unembed());
        try (HookedTransformer model = RandomModel.of(config, 1)) {
            assertThatThrownBy(() -> new Generator(model))
                    .isInstanceOf(HeadscopeException.class)
                    .hasMessageContaining("bert");
        }
    }

    /** The slow way: everything from scratch for each token. */
    private static int[] uncached(HookedTransformer model, GenerationRequest request) {
        int[] ids = request.prompt();
        Sampler sampler = new Sampler(request.sampling());
        for (int i = 0; i < request.maxNewTokens(); i++) {
            try (RunResult run = model.run(RunRequest.of(TokenBatch.of(ids))
                    .edits(request.edits())
                    .lastLogits()
                    .build())) {
                ids = joined(ids, sampler.next(run.logits().toFloatArray()));
            }
        }
        return Arrays.copyOfRange(ids, request.prompt().length, ids.length);
    }

    private static List<Intervention> interventions() {
        return List.of(
                new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero()),
                new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Gate(3)),
                new Intervention.Ablate(new Target.Head(1, 3), new Ablation.Uniform()),
                new Intervention.Skip(Intervention.Skip.Part.MLP, 2));
    }

    private static List<SiteEdit> edits(HookedTransformer model, List<Intervention> interventions) {
        return new Interventions(model.config()).compile(interventions);
    }

    private static GenerationListener each(java.util.function.Consumer<GenerationStep> consumer) {
        return new GenerationListener() {
            @Override
            public void generated(GenerationStep step) {
                consumer.accept(step);
            }
        };
    }

    private static ModelConfig windowed(ModelConfig c) {
        LayerAttention plain = c.attention().layers().get(0);
        LayerAttention sliding = new LayerAttention(plain.scale(), 5, plain.rope());
        List<LayerAttention> layers =
                new ArrayList<>(Collections.nCopies(c.dims().layers(), sliding));
        layers.set(1, plain);
        AttentionSpec a = c.attention();
        return new ModelConfig(
                c.family(),
                c.dims(),
                c.embed(),
                new AttentionSpec(true, layers, a.qkNorm(), a.softcap(), a.alibi()),
                c.block(),
                c.mlp(),
                c.unembed());
    }

    private static int[] joined(int[] a, int... b) {
        int[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    private static int[] sequence(int from, int count) {
        return java.util.stream.IntStream.range(from, from + count).toArray();
    }

    private static int firstIndex(int[] ids, int id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        throw new AssertionError(id);
    }
}
