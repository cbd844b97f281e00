package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Region;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Activation patching, one forward pass per cell, against the grids of the reference. */
@Tag("engine")
class PatchGridParityTest {
    private static final TinyModels MODELS = new TinyModels();

    @AfterAll
    static void close() {
        MODELS.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama"})
    void residualStreamByPositionAgrees(String family) {
        Case c = new Case(MODELS.get(family));
        int length = c.corrupt.length();

        assertThat(c.distance(SiteKind.RESID_PRE, length, Region::position, "patch.resid_pre"))
                .isLessThanOrEqualTo(c.tiny.golden().tolerance("patch_effects"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "gpt_neox", "llama"})
    void headOutputsAgree(String family) {
        Case c = new Case(MODELS.get(family));
        int heads = c.tiny.model().config().dims().heads();

        assertThat(c.distance(SiteKind.Z, heads, Region::head, "patch.head_z"))
                .isLessThanOrEqualTo(c.tiny.golden().tolerance("patch_effects"));
    }

    /** A clean and a corrupt prompt with their metric. */
    private static final class Case {
        private final TinyModel tiny;
        private final TokenBatch clean;
        private final TokenBatch corrupt;

        private Case(TinyModel tiny) {
            this.tiny = tiny;
            this.clean = TokenBatch.of(tiny.golden().rows("patch.clean_ids"));
            this.corrupt = TokenBatch.of(tiny.golden().rows("patch.corrupt_ids"));
        }

        private interface Cell {
            Region at(int index);
        }

        private double distance(SiteKind kind, int columns, Cell cell, String expected) {
            int layers = tiny.layers();
            List<HookSite> sites = java.util.stream.IntStream.range(0, layers)
                    .mapToObj(l -> HookSite.of(kind, l))
                    .toList();
            float[] effects = new float[layers * columns];
            double low = difference(corrupt, List.of());
            try (RunResult source = tiny.model()
                    .run(RunRequest.of(clean).capture(sites).lastLogits().build())) {
                double high = difference(source);
                for (int i = 0; i < effects.length; i++) {
                    Region region = cell.at(i % columns);
                    double patched = difference(corrupt, patch(sites.get(i / columns), region, source.cache()));
                    effects[i] = (float) ((patched - low) / (high - low));
                }
            }
            return TinyModel.distance(effects, tiny.golden().values(expected));
        }

        private List<SiteEdit> patch(HookSite site, Region region, ActivationCache source) {
            Intervention patch = new Intervention.Patch(site, region, source);
            return new Interventions(tiny.model().config()).compile(List.of(patch));
        }

        private double difference(TokenBatch tokens, List<SiteEdit> edits) {
            try (RunResult run = tiny.model()
                    .run(RunRequest.of(tokens).edits(edits).lastLogits().build())) {
                return difference(run);
            }
        }

        private double difference(RunResult run) {
            float[] logits = run.logits().toFloatArray();
            JsonNode metric = tiny.golden().info().get("patching");
            return logits[metric.get("a").asInt()]
                    - (double) logits[metric.get("b").asInt()];
        }
    }
}
