package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Walks every hook site of every family. No site is exempt from any of the tests. */
@Tag("engine")
class EverySiteTest {
    private static final String FAMILIES = "org.headscope.hooks.tiny.TinyModel#families";

    /** Far above rounding, far below what any of these edits does. */
    private static final double NOTICEABLE = 1e-3;

    private static final TinyModels MODELS = new TinyModels();

    @AfterAll
    static void close() {
        MODELS.close();
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void hookFiresOnceWithTheShapeThatTheCatalogPromises(String family) {
        TinyModel tiny = MODELS.get(family);
        for (HookSite site : tiny.model().sites().all()) {
            List<Shape> seen = new ArrayList<>();
            RunRequest request = RunRequest.of(tiny.golden().batch())
                    .hook("look", site, (value, point) -> {
                        seen.add(value.getShape());
                        return null;
                    })
                    .build();
            tiny.model().run(request).close();
            assertThat(seen).as("%s of %s", site, family).containsExactly(promised(tiny, site));
        }
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void editChangesTheLogits(String family) {
        TinyModel tiny = MODELS.get(family);
        float[] plain = tiny.logits();
        for (HookSite site : tiny.model().sites().all()) {
            RunRequest request = RunRequest.of(tiny.golden().batch())
                    .hook("edit", site, (value, point) -> edited(tiny, value))
                    .build();
            try (RunResult run = tiny.model().run(request)) {
                assertThat(TinyModel.distance(run.logits().toFloatArray(), plain))
                        .as("%s of %s", site, family)
                        .isGreaterThan(NOTICEABLE);
                assertThat(run.receipts().get(0).change()).isGreaterThan(0);
            }
        }
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void lookingLeavesTheLogitsAlone(String family) {
        TinyModel tiny = MODELS.get(family);
        List<HookSite> sites = tiny.model().sites().all();
        RunRequest request = RunRequest.of(tiny.golden().batch()).capture(sites).build();
        try (RunResult run = tiny.model().run(request)) {
            assertThat(TinyModel.distance(run.logits().toFloatArray(), tiny.logits()))
                    .isLessThanOrEqualTo(tiny.golden().tolerance("logits"));
            assertThat(run.cache().sites()).containsExactlyInAnyOrderElementsOf(sites);
        }
    }

    private static Shape promised(TinyModel tiny, HookSite site) {
        return tiny.model()
                .sites()
                .shapeOf(
                        site,
                        tiny.golden().batch().size(),
                        tiny.golden().batch().length());
    }

    /** Scales every number on its own by 0.5 to 1.5: no norm undoes that, and what was masked stays masked. */
    private static NDArray edited(TinyModel tiny, NDArray value) {
        if (value.getDataType() != DataType.FLOAT32) {
            return value.mul(0).add(tiny.model().config().dims().vocab() / 2);
        }
        Random random = new Random(7);
        float[] factors = new float[(int) value.size()];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = 0.5f + random.nextFloat();
        }
        return value.mul(value.getManager().create(factors, value.getShape()));
    }

    /** Shifting all keys of a head alike moves all scores of a query alike, which the softmax cannot see. */
    @ParameterizedTest
    @MethodSource("org.headscope.hooks.tiny.TinyModel#withoutRotation")
    void commonShiftOfKeysCannotBeSeen(String family) {
        TinyModel tiny = MODELS.get(family);
        RunRequest request = RunRequest.of(tiny.golden().batch())
                .hook("shift", HookSite.of(SiteKind.K, 0), (value, point) -> value.add(0.5))
                .build();
        try (RunResult run = tiny.model().run(request)) {
            assertThat(TinyModel.distance(run.logits().toFloatArray(), tiny.logits()))
                    .isLessThanOrEqualTo(tiny.golden().tolerance("logits"));
        }
    }
}
