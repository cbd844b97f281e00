package org.headscope.hooks.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.hooks.generate.GenerationBench.NEW;
import static org.headscope.hooks.generate.GenerationBench.PROMPT;
import static org.headscope.hooks.generate.GenerationBench.each;
import static org.headscope.hooks.generate.GenerationBench.edits;
import static org.headscope.hooks.generate.GenerationBench.interventions;
import static org.headscope.hooks.generate.GenerationBench.sequence;
import static org.headscope.hooks.generate.GenerationBench.uncached;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.generate.GenerationBench.Style;
import org.headscope.hooks.handbuilt.CopyRetrievalModel;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.NeverFiredException;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.testing.NativeCount;
import org.junit.jupiter.api.Test;

/** Hooks, interventions and native memory during generation. */
class GeneratorEditsTest {
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
}
