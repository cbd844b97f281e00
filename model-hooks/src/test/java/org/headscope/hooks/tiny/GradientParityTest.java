package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.headscope.hooks.gradient.Gradients;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of a logit difference against the reference. */
@Tag("engine")
class GradientParityTest {
    private static final TinyModels MODELS = new TinyModels();

    @AfterAll
    static void close() {
        MODELS.close();
    }

    @ParameterizedTest
    @MethodSource("org.headscope.hooks.tiny.TinyModel#families")
    void gradientsOfBlockInputsAndHeadOutputsAgree(String family) {
        TinyModel tiny = MODELS.get(family);
        List<HookSite> sites = new ArrayList<>();
        for (int l = 0; l < tiny.layers(); l++) {
            sites.add(HookSite.of(SiteKind.RESID_PRE, l));
            sites.add(HookSite.of(SiteKind.Z, l));
        }
        RunRequest request = RunRequest.of(tiny.golden().batch()).capture(sites).build();
        try (Gradients.Result result = new Gradients(tiny.model()).of(request, logits -> metric(tiny, logits))) {
            for (HookSite site : sites) {
                String name = (site.kind() == SiteKind.Z ? "grad_z." : "grad_hidden.") + site.layer();
                double distance = TinyModel.distance(
                        result.gradients().get(site).toFloatArray(),
                        tiny.golden().values(name));
                assertThat(distance).as(name).isLessThanOrEqualTo(tiny.golden().tolerance("gradients"));
            }
        }
    }

    private static NDArray metric(TinyModel tiny, NDArray logits) {
        JsonNode metric = tiny.golden().info().get("metric");
        NDArray row = logits.get(new NDIndex("0, {}", metric.get("position").asInt()));
        return row.get(metric.get("a").asInt()).sub(row.get(metric.get("b").asInt()));
    }
}
