package org.headscope.hooks.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;

/** Models and prompts for tests of generation, and the slow way to do the same. */
final class GenerationBench {
    private GenerationBench() {}

    static final Dims DIMS = new Dims(3, 4, 4, 32, 8, 48, 40, 60);
    static final Dims GROUPED = new Dims(3, 4, 2, 32, 8, 48, 40, 60);
    static final int[] PROMPT = {7, 3, 11, 5, 2, 19, 23, 1};
    static final int NEW = 24;

    /** Models whose caches differ: learned positions, rotary with grouped heads, and the latter with a sliding window. */
    enum Style {
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

    /** The slow way: everything from scratch for each token. */
    static int[] uncached(HookedTransformer model, GenerationRequest request) {
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

    static List<Intervention> interventions() {
        return List.of(
                new Intervention.Ablate(new Target.Head(0, 1), new Ablation.Zero()),
                new Intervention.Ablate(new Target.Head(1, 2), new Ablation.Gate(3)),
                new Intervention.Ablate(new Target.Head(1, 3), new Ablation.Uniform()),
                new Intervention.Skip(Intervention.Skip.Part.MLP, 2));
    }

    static List<SiteEdit> edits(HookedTransformer model, List<Intervention> interventions) {
        return new Interventions(model.config()).compile(interventions);
    }

    static GenerationListener each(java.util.function.Consumer<GenerationStep> consumer) {
        return new GenerationListener() {
            @Override
            public void generated(GenerationStep step) {
                consumer.accept(step);
            }
        };
    }

    static ModelConfig windowed(ModelConfig c) {
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

    static int[] joined(int[] a, int... b) {
        int[] all = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }

    static int[] sequence(int from, int count) {
        return java.util.stream.IntStream.range(from, from + count).toArray();
    }

    static int firstIndex(int[] ids, int id) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        throw new AssertionError(id);
    }
}
