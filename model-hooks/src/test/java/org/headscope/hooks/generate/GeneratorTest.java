package org.headscope.hooks.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.hooks.generate.GenerationBench.DIMS;
import static org.headscope.hooks.generate.GenerationBench.NEW;
import static org.headscope.hooks.generate.GenerationBench.PROMPT;
import static org.headscope.hooks.generate.GenerationBench.each;
import static org.headscope.hooks.generate.GenerationBench.edits;
import static org.headscope.hooks.generate.GenerationBench.firstIndex;
import static org.headscope.hooks.generate.GenerationBench.interventions;
import static org.headscope.hooks.generate.GenerationBench.joined;
import static org.headscope.hooks.generate.GenerationBench.uncached;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.generate.GenerationBench.Style;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
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
}
