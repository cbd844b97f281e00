package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.headscope.hooks.intervene.Ablation;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.intervene.Target;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.run.SiteEdit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every family against what the reference computes, within the tolerances that the reference advises. */
@Tag("engine")
class FamilyParityTest {
    private static final Logger LOG = LoggerFactory.getLogger(FamilyParityTest.class);
    private static final String FAMILIES = "org.headscope.hooks.tiny.TinyModel#families";

    /** Probabilities are known better than other activations. */
    private static final double PROBABILITY = 2e-5;

    private static final TinyModels MODELS = new TinyModels();

    @AfterAll
    static void close() {
        MODELS.close();
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void logitsAgree(String family) {
        TinyModel tiny = MODELS.get(family);

        within(tiny, "logits", TinyModel.distance(tiny.logits(), tiny.golden().values("logits")));
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void everyNamedActivationAgrees(String family) {
        TinyModel tiny = MODELS.get(family);
        GoldenSites sites = new GoldenSites(tiny.model());
        List<String> names = GoldenSites.activations(tiny.golden());
        try (RunResult run = tiny.model()
                .run(RunRequest.of(tiny.golden().batch())
                        .capture(sites.needed())
                        .build())) {
            Map<String, float[]> actual = sites.tensors(run.cache());
            assertThat(actual).containsOnlyKeys(names);
            actual.forEach((name, values) -> {
                double distance = TinyModel.distance(values, tiny.golden().values(name));
                double allowed = tiny.golden().tolerance("activations");
                log(family, name, distance);
                assertThat(distance)
                        .as("%s of %s", name, family)
                        .isLessThanOrEqualTo(name.startsWith("attentions") ? Math.min(PROBABILITY, allowed) : allowed);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("org.headscope.hooks.tiny.TinyModel#decoders")
    void lossesAgree(String family) {
        TinyModel tiny = MODELS.get(family);
        float[] losses = Losses.perToken(tiny.logits(), tiny.golden().batch().ids());

        within(tiny, "logits", TinyModel.distance(losses, tiny.golden().values("loss_per_token")));
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void metricAgrees(String family) {
        TinyModel tiny = MODELS.get(family);

        assertThat(metric(tiny, tiny.at(tiny.logits(), position(tiny))))
                .isCloseTo(tiny.golden().values("metric")[0], within(tiny));
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void headsSetToZeroGiveTheExpectedLogits(String family) {
        ablationsAgree(MODELS.get(family), "ablate_zero", new Ablation.Zero());
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void headsWithUniformAttentionGiveTheExpectedLogits(String family) {
        ablationsAgree(MODELS.get(family), "ablate_uniform", new Ablation.Uniform());
    }

    @ParameterizedTest
    @MethodSource("org.headscope.hooks.tiny.TinyModel#decoders")
    void greedyContinuationAgrees(String family) {
        TinyModel tiny = MODELS.get(family);
        int[][] expected = tiny.golden().rows("greedy_ids");

        int[][] actual = Greedy.extend(tiny.model(), tiny.golden().batch().ids(), expected[0].length);

        assertThat(actual).isDeepEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("org.headscope.hooks.tiny.TinyModel#withHubConfig")
    void olderSpellingOfTheConfigurationGivesTheSameLogits(String family, @TempDir Path folder) {
        TinyModel tiny = MODELS.get(family);
        Path original = Reference.tiny(family);
        TinyModel.combine(original, original.resolve("config.hub.json"), folder);
        try (HookedTransformer older = ModelLoader.load(folder)) {
            assertThat(tiny.logits(older, List.of())).isEqualTo(tiny.logits());
        }
    }

    private static void ablationsAgree(TinyModel tiny, String kind, Ablation how) {
        JsonNode records = tiny.golden().info().get(kind);
        assertThat(records).as("expected ablations").isNotEmpty();
        for (JsonNode record : records) {
            Target head = new Target.Head(
                    record.get("layer").asInt(), record.get("head").asInt());
            float[] rows = tiny.at(tiny.logits(tiny.model(), edits(tiny, head, how)), position(tiny));
            String tensor = record.get("tensor").asText();
            within(tiny, "logits", TinyModel.distance(rows, tiny.golden().values(tensor + ".logits_last")));
            assertThat(metric(tiny, rows)).isCloseTo(tiny.golden().values(tensor + ".metric")[0], within(tiny));
        }
    }

    private static List<SiteEdit> edits(TinyModel tiny, Target head, Ablation how) {
        List<Intervention> interventions = new ArrayList<>(List.of(new Intervention.Ablate(head, how)));
        return new Interventions(tiny.model().config()).compile(interventions);
    }

    private static int position(TinyModel tiny) {
        return tiny.golden().info().get("metric").get("position").asInt();
    }

    /** Logit difference in the first row. */
    private static double metric(TinyModel tiny, float[] rows) {
        JsonNode metric = tiny.golden().info().get("metric");
        return rows[metric.get("a").asInt()] - (double) rows[metric.get("b").asInt()];
    }

    private static org.assertj.core.data.Offset<Double> within(TinyModel tiny) {
        return org.assertj.core.data.Offset.offset(tiny.golden().tolerance("logits"));
    }

    private static void within(TinyModel tiny, String kind, double distance) {
        log(tiny.name(), kind, distance);
        assertThat(distance).as(tiny.name()).isLessThanOrEqualTo(tiny.golden().tolerance(kind));
    }

    private static void log(String family, String what, double distance) {
        LOG.debug("{} {} {}", family, what, distance);
    }
}
