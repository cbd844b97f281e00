package org.headscope.analysis.patching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.headscope.analysis.IdContexts.prompt;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.headscope.analysis.IdContexts;
import org.headscope.analysis.patching.ActivationPatching.Mode;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.spi.Progress;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.AttentionSpec;
import org.headscope.hooks.config.BlockSpec;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.config.LayerAttention;
import org.headscope.hooks.config.ModelConfig;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.handbuilt.RandomModel;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The batch of drops and the patterns of one run for all heads, against one node and one layer at a time: the node is
 * patched alone to see its pattern, the layer is dropped by freezing what it writes.
 */
@Tag("engine")
class AtpStarOracleTest {
    private static final Dims PLAIN = new Dims(3, 4, 4, 16, 4, 24, 16, 31);
    private static final Dims GROUPED = new Dims(3, 4, 2, 16, 4, 24, 16, 31);
    private static final int[] BASE = {1, 2, 3, 4, 5, 6};
    private static final int[] OTHER = {1, 9, 3, 12, 5, 8};
    private static final int ANSWER = 7;
    private static final int FOIL = 11;

    /** Learned positions, rotary ones with groups, blocks in parallel, and sliding windows with linear biases. */
    enum Kind {
        GPT2 {
            @Override
            ModelConfig config() {
                return RandomModel.gpt2(PLAIN);
            }
        },
        LLAMA {
            @Override
            ModelConfig config() {
                return RandomModel.llama(GROUPED);
            }
        },
        NEOX {
            @Override
            ModelConfig config() {
                ModelConfig c = RandomModel.llama(PLAIN);
                return new ModelConfig(
                        "gpt_neox",
                        c.dims(),
                        c.embed(),
                        c.attention(),
                        new BlockSpec(
                                BlockSpec.Arrangement.PARALLEL,
                                RandomModel.gpt2(PLAIN).block().norm()),
                        RandomModel.gpt2(PLAIN).mlp(),
                        c.unembed());
            }
        },
        WINDOWED {
            @Override
            ModelConfig config() {
                ModelConfig c = RandomModel.llama(GROUPED);
                LayerAttention layer = new LayerAttention(0.5, 3, null);
                AttentionSpec spec = new AttentionSpec(
                        true,
                        List.of(layer, layer, layer),
                        AttentionSpec.QkNorm.PER_HEAD,
                        5.0,
                        AttentionSpec.Alibi.AFTER_SCALE);
                return new ModelConfig("headscope", c.dims(), c.embed(), spec, c.block(), c.mlp(), c.unembed());
            }
        };

        abstract ModelConfig config();
    }

    @ParameterizedTest
    @EnumSource
    void scoresAreThoseOfOneNodeAndOneLayerAtATime(Kind kind) {
        try (HookedTransformer model = RandomModel.of(kind.config(), 5)) {
            for (PatchSite site : List.of(
                    PatchSite.HEAD_Z,
                    PatchSite.HEAD_Q,
                    PatchSite.HEAD_K,
                    PatchSite.HEAD_V,
                    PatchSite.HEAD_Q_BY_POS,
                    PatchSite.HEAD_K_BY_POS,
                    PatchSite.MLP_OUT)) {
                Findings found = new AtpStar().run(IdContexts.of(model), parameters(site), Progress.none());
                double[] expected = new Oracle(model, site).scores();

                assertThat(((GridPanel) found.panels().get(0)).grid().toArray())
                        .as("%s", site)
                        .containsExactly(expected, within(1e-4 * largest(expected)));
            }
        }
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).max().orElseThrow();
    }

    private static AtpStar.Parameters parameters(PatchSite site) {
        return new AtpStar.Parameters(
                prompt(BASE), prompt(OTHER), prompt(ANSWER), prompt(FOIL), site, Mode.NOISE, true, true, 1, 1, 0.05);
    }

    private record Oracle(HookedTransformer model, PatchSite site) {
        double[] scores() {
            Dims dims = model.config().dims();
            int heads = site.kind().perKvHead() ? dims.kvHeads() : dims.heads();
            boolean whole = site.layout() == PatchSite.Layout.HEADS;
            int perLayer = site == PatchSite.MLP_OUT ? BASE.length : whole ? heads : heads * BASE.length;
            double[] scores = new double[dims.layers() * perLayer];
            try (RunResult here = run(BASE, List.of());
                    RunResult there = run(OTHER, List.of())) {
                double gap = Math.abs(difference(here) - difference(there));
                for (int dropped = 0; dropped < dims.layers(); dropped++) {
                    try (Gradients.Result slope = slope(here, dropped)) {
                        for (int cell = 0; cell < scores.length; cell++) {
                            int layer = cell / perLayer;
                            double own = layer == dropped ? 0 : effect(cell, perLayer, heads, here, there, slope);
                            scores[cell] += Math.abs(own) / gap / (dims.layers() - 1);
                        }
                    }
                }
            }
            return scores;
        }

        private double effect(
                int cell, int perLayer, int heads, RunResult here, RunResult there, Gradients.Result slope) {
            HookSite at = HookSite.of(site.kind(), cell / perLayer);
            int within = cell % perLayer;
            Region region =
                    switch (site.layout()) {
                        case POSITIONS -> Region.position(within);
                        case HEADS -> Region.head(within);
                        default -> Region.headAt(within % heads, within / heads);
                    };
            boolean fixed = site.kind() == SiteKind.Q || site.kind() == SiteKind.K;
            HookSite seen = fixed ? HookSite.of(SiteKind.PATTERN, at.layer()) : at;
            try (RunResult patched = run(BASE, List.of(new Intervention.Patch(at, region, there.cache())))) {
                // Its own layer is the first that changes, so what is seen there is the change of this node alone.
                return product(patched, here, seen, slope);
            }
        }

        private static double product(RunResult to, RunResult from, HookSite seen, Gradients.Result slope) {
            float[] after = to.cache().get(seen).toFloatArray();
            float[] before = from.cache().get(seen).toFloatArray();
            float[] by = slope.gradients().get(seen).toFloatArray();
            return IntStream.range(0, by.length)
                    .mapToDouble(i -> (double) (after[i] - before[i]) * by[i])
                    .sum();
        }

        private Gradients.Result slope(RunResult here, int dropped) {
            var frozen = new Intervention.Freeze(
                    Set.of(HookSite.of(SiteKind.ATTN_OUT, dropped), HookSite.of(SiteKind.MLP_OUT, dropped)),
                    here.cache());
            RunRequest.Builder request = RunRequest.of(TokenBatch.of(BASE))
                    .edits(new Interventions(model.config()).compile(List.of(frozen)))
                    .lastLogits();
            all(request, List.of(SiteKind.Z, SiteKind.V, SiteKind.PATTERN, SiteKind.MLP_OUT));
            return new Gradients(model).of(request.build(), Oracle::difference);
        }

        private RunResult run(int[] ids, List<Intervention> edits) {
            RunRequest.Builder request = RunRequest.of(TokenBatch.of(ids))
                    .edits(new Interventions(model.config()).compile(edits))
                    .lastLogits();
            all(
                    request,
                    List.of(
                            SiteKind.Z,
                            SiteKind.Q,
                            SiteKind.K,
                            SiteKind.V,
                            SiteKind.PATTERN,
                            SiteKind.ATTN_OUT,
                            SiteKind.MLP_OUT));
            return model.run(request.build());
        }

        private void all(RunRequest.Builder request, List<SiteKind> kinds) {
            for (int layer = 0; layer < model.config().dims().layers(); layer++) {
                for (SiteKind kind : kinds) {
                    request.capture(HookSite.of(kind, layer));
                }
            }
        }

        private static double difference(RunResult run) {
            float[] logits = run.logits().toFloatArray();
            return (double) logits[ANSWER] - logits[FOIL];
        }

        private static NDArray difference(NDArray logits) {
            return logits.get(0, 0, ANSWER).sub(logits.get(0, 0, FOIL));
        }
    }
}
