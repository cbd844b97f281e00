package org.headscope.hooks.tiny;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.BlockSpec.Arrangement;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.run.ActivationCache;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.Linear;
import org.headscope.hooks.weights.NormWeights;

/** What the expected tensors are in terms of hook sites. */
final class GoldenSites {
    private final HookedTransformer model;
    private final boolean postNorm;

    GoldenSites(HookedTransformer model) {
        this.model = model;
        this.postNorm = model.config().block().arrangement() == Arrangement.POST_NORM;
    }

    /** All sites that {@link #tensors} reads. */
    List<HookSite> needed() {
        List<SiteKind> left = List.of(
                SiteKind.ATTN_IN,
                SiteKind.Q_INPUT,
                SiteKind.K_INPUT,
                SiteKind.V_INPUT,
                SiteKind.RESULT,
                SiteKind.TOKENS);
        return model.sites().all().stream()
                .filter(site -> !left.contains(site.kind()))
                .toList();
    }

    /** Activations under the names, and in the layout, of the reference. */
    Map<String, float[]> tensors(ActivationCache cache) {
        Map<String, float[]> tensors = new LinkedHashMap<>();
        int layers = model.config().dims().layers();
        for (int l = 0; l < layers; l++) {
            tensors.put("hidden_states." + l, values(cache, SiteKind.RESID_PRE, l));
            tensors.put("attentions." + l, values(cache, SiteKind.PATTERN, l));
            tensors.put("q." + l, queries(cache, l));
            tensors.put("k." + l, headsFirst(rotated(cache, l, SiteKind.ROT_K, SiteKind.K)));
            tensors.put("v." + l, headsFirst(get(cache, SiteKind.V, l)));
            tensors.put("z." + l, values(cache, SiteKind.Z, l));
            outputs(cache, l, tensors);
        }
        SiteKind end = postNorm ? SiteKind.NORMALIZED_RESID_POST : SiteKind.RESID_POST;
        tensors.put("resid_final", values(cache, end, layers - 1));
        tensors.put("hidden_states." + layers, last(cache, end, layers - 1));
        return tensors;
    }

    private void outputs(ActivationCache cache, int l, Map<String, float[]> tensors) {
        if (cache.has(HookSite.of(SiteKind.LN1_POST_SCALE, l))) {
            tensors.put("attn_added." + l, values(cache, SiteKind.ATTN_OUT, l));
            tensors.put("mlp_added." + l, values(cache, SiteKind.MLP_OUT, l));
            tensors.put("attn_out." + l, product(cache, SiteKind.LN1_POST_NORMALIZED, SiteKind.LN1_POST_SCALE, l));
            tensors.put("mlp_out." + l, product(cache, SiteKind.LN2_POST_NORMALIZED, SiteKind.LN2_POST_SCALE, l));
        } else {
            tensors.put("attn_out." + l, values(cache, SiteKind.ATTN_OUT, l));
            tensors.put("mlp_out." + l, values(cache, SiteKind.MLP_OUT, l));
        }
    }

    /** What an RMSNorm was given: its output before the gain, times its scale. */
    private static float[] product(ActivationCache cache, SiteKind normalized, SiteKind scale, int layer) {
        try (NDArray x = get(cache, normalized, layer).mul(get(cache, scale, layer))) {
            return x.toFloatArray();
        }
    }

    /** The reference keeps OPT's queries after scaling. */
    private float[] queries(ActivationCache cache, int layer) {
        NDArray q = rotated(cache, layer, SiteKind.ROT_Q, SiteKind.Q);
        if (!model.config().family().equals("opt")) {
            return headsFirst(q);
        }
        try (NDArray scaled =
                q.mul(model.config().attention().layers().get(layer).scale())) {
            return headsFirst(scaled);
        }
    }

    private static NDArray rotated(ActivationCache cache, int layer, SiteKind rotated, SiteKind plain) {
        boolean turns = cache.has(HookSite.of(rotated, layer));
        return get(cache, turns ? rotated : plain, layer);
    }

    /** The stream as the head of the model sees it. */
    private float[] last(ActivationCache cache, SiteKind end, int layer) {
        Linear project = model.weights().unembed().project();
        NormWeights norm = model.weights().unembed().finalNorm();
        if (project != null) {
            try (NDArray projected = project.apply(get(cache, end, layer))) {
                return projected.toFloatArray();
            }
        }
        if (norm == null) {
            return values(cache, end, layer);
        }
        NDArray normalized = cache.get(HookSite.global(SiteKind.LN_FINAL_NORMALIZED));
        NDArray gain = norm.weight();
        if (model.config().block().norm().kind() != NormSpec.Kind.RMS || gain == null) {
            return normalized.toFloatArray();
        }
        try (NDArray scaled = normalized.mul(gain)) {
            return scaled.toFloatArray();
        }
    }

    private static float[] headsFirst(NDArray byPosition) {
        try (NDArray moved = byPosition.transpose(0, 2, 1, 3);
                NDArray plain = moved.reshape(new Shape(-1))) {
            return plain.toFloatArray();
        }
    }

    private static float[] values(ActivationCache cache, SiteKind kind, int layer) {
        return get(cache, kind, layer).toFloatArray();
    }

    private static NDArray get(ActivationCache cache, SiteKind kind, int layer) {
        return cache.get(HookSite.of(kind, layer));
    }

    /** The expected tensors that are activations. */
    static List<String> activations(Golden golden) {
        List<String> stems = List.of(
                "hidden_states",
                "attentions",
                "q",
                "k",
                "v",
                "z",
                "attn_out",
                "mlp_out",
                "attn_added",
                "mlp_added",
                "resid_final");
        List<String> names = new ArrayList<>();
        for (String name : golden.tensors().keySet()) {
            int dot = name.indexOf('.');
            if (stems.contains(dot < 0 ? name : name.substring(0, dot))) {
                names.add(name);
            }
        }
        return names;
    }
}
