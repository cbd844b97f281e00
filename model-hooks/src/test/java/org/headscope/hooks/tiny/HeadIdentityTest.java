package org.headscope.hooks.tiny;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.headscope.hooks.config.Dims;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.run.RunRequest;
import org.headscope.hooks.run.RunResult;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.Linear;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What makes head masking meaningful: heads are edited before W_O, and together they are all that attention writes. */
@Tag("engine")
class HeadIdentityTest {
    private static final String FAMILIES = "org.headscope.hooks.tiny.TinyModel#families";
    private static final TinyModels MODELS = new TinyModels();

    @AfterAll
    static void close() {
        MODELS.close();
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void headsTimesTheirOutputMatricesPlusBiasAreWhatAttentionWrites(String family) {
        TinyModel tiny = MODELS.get(family);
        try (RunResult run =
                run(tiny, SiteKind.Z, SiteKind.ATTN_OUT, SiteKind.LN1_POST_NORMALIZED, SiteKind.LN1_POST_SCALE)) {
            for (int l = 0; l < tiny.layers(); l++) {
                float[] z = values(run.cache(), SiteKind.Z, l);
                Linear o = tiny.model().weights().blocks().get(l).attention().o();
                assertThat(TinyModel.distance(
                                sumOfHeads(z, o, tiny.model().config().dims()), attention(run.cache(), l)))
                        .as("layer %d of %s", l, family)
                        .isLessThanOrEqualTo(tiny.golden().tolerance("activations"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void resultsAreHeadsTimesTheirOwnOutputMatrix(String family) {
        TinyModel tiny = MODELS.get(family);
        try (RunResult run = run(tiny, SiteKind.Z, SiteKind.RESULT)) {
            for (int l = 0; l < tiny.layers(); l++) {
                float[] z = values(run.cache(), SiteKind.Z, l);
                Linear o = tiny.model().weights().blocks().get(l).attention().o();
                assertThat(TinyModel.distance(
                                values(run.cache(), SiteKind.RESULT, l),
                                results(z, o, tiny.model().config().dims())))
                        .as("layer %d of %s", l, family)
                        .isLessThanOrEqualTo(tiny.golden().tolerance("activations"));
            }
        }
    }

    @ParameterizedTest
    @MethodSource(FAMILIES)
    void headsReadTheKeysAndValuesOfTheirGroup(String family) {
        TinyModel tiny = MODELS.get(family);
        try (RunResult run = run(tiny, SiteKind.PATTERN, SiteKind.V, SiteKind.Z)) {
            for (int l = 0; l < tiny.layers(); l++) {
                float[] z = mixed(values(run.cache(), SiteKind.PATTERN, l), values(run.cache(), SiteKind.V, l), tiny);
                assertThat(TinyModel.distance(values(run.cache(), SiteKind.Z, l), z))
                        .as("layer %d of %s", l, family)
                        .isLessThanOrEqualTo(tiny.golden().tolerance("activations"));
            }
        }
    }

    private static RunResult run(TinyModel tiny, SiteKind... kinds) {
        List<HookSite> sites = new ArrayList<>();
        for (int l = 0; l < tiny.layers(); l++) {
            for (SiteKind kind : kinds) {
                HookSite site = HookSite.of(kind, l);
                if (tiny.model().sites().has(site)) {
                    sites.add(site);
                }
            }
        }
        return tiny.model()
                .run(RunRequest.of(tiny.golden().batch()).capture(sites).build());
    }

    /** Attention's output before any norm that stands behind it. */
    private static float[] attention(ActivationCache cache, int layer) {
        HookSite normalized = HookSite.of(SiteKind.LN1_POST_NORMALIZED, layer);
        if (!cache.has(normalized)) {
            return values(cache, SiteKind.ATTN_OUT, layer);
        }
        try (NDArray before = cache.get(normalized).mul(cache.get(HookSite.of(SiteKind.LN1_POST_SCALE, layer)))) {
            return before.toFloatArray();
        }
    }

    private static float[] values(ActivationCache cache, SiteKind kind, int layer) {
        return cache.get(HookSite.of(kind, layer)).toFloatArray();
    }

    /** {@code z [rows, head, d_head]} to {@code [rows, d_model]}, in doubles and by hand. */
    private static float[] sumOfHeads(float[] z, Linear o, Dims dims) {
        float[] results = results(z, o, dims);
        float[] bias = o.bias() == null ? new float[dims.dModel()] : o.bias().toFloatArray();
        int rows = z.length / (dims.heads() * dims.dHead());
        float[] sums = new float[rows * dims.dModel()];
        for (int i = 0; i < sums.length; i++) {
            double sum = bias[i % dims.dModel()];
            for (int h = 0; h < dims.heads(); h++) {
                sum += results[(i / dims.dModel() * dims.heads() + h) * dims.dModel() + i % dims.dModel()];
            }
            sums[i] = (float) sum;
        }
        return sums;
    }

    /** {@code z [rows, head, d_head]} to {@code [rows, head, d_model]}. */
    private static float[] results(float[] z, Linear o, Dims dims) {
        float[] w = o.weight().toFloatArray();
        int width = dims.heads() * dims.dHead();
        int rows = z.length / width;
        float[] results = new float[rows * dims.heads() * dims.dModel()];
        for (int i = 0; i < results.length; i++) {
            int d = i % dims.dModel();
            int h = i / dims.dModel() % dims.heads();
            int row = i / (dims.dModel() * dims.heads());
            double sum = 0;
            for (int e = h * dims.dHead(); e < (h + 1) * dims.dHead(); e++) {
                sum += (double) z[row * width + e] * w[d * width + e];
            }
            results[i] = (float) sum;
        }
        return results;
    }

    /** Patterns {@code [batch, head, q, k]} over values {@code [batch, k, kv_head, d_head]}: {@code z}. */
    private static float[] mixed(float[] pattern, float[] v, TinyModel tiny) {
        Dims dims = tiny.model().config().dims();
        int length = tiny.golden().batch().length();
        int width = dims.heads() * dims.dHead();
        float[] z = new float[tiny.golden().batch().size() * length * width];
        for (int i = 0; i < z.length; i++) {
            int e = i % dims.dHead();
            int h = i / dims.dHead() % dims.heads();
            int q = i / width % length;
            int b = i / (width * length);
            int kv = h / (dims.heads() / dims.kvHeads());
            double sum = 0;
            for (int k = 0; k < length; k++) {
                double weight = pattern[((b * dims.heads() + h) * length + q) * length + k];
                sum += weight * v[((b * length + k) * dims.kvHeads() + kv) * dims.dHead() + e];
            }
            z[i] = (float) sum;
        }
        return z;
    }
}
