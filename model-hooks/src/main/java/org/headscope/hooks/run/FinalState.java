package org.headscope.hooks.run;

import ai.djl.ndarray.NDArray;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.config.NormSpec;
import org.headscope.hooks.forward.Alias;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;
import org.headscope.hooks.weights.NormWeights;
import org.jspecify.annotations.Nullable;

/**
 * The last hidden state of a model: the residual stream behind the final norm, gain included, as it goes into the
 * unembedding. For RMSNorm the site of that norm lies before its gain, so reading the site alone is not enough.
 *
 * @param site where it is seen; capture it in a run
 * @param gain what the seen value is still to be multiplied by, or null
 * @param bias what is added then, or null
 */
public record FinalState(HookSite site, @Nullable NDArray gain, @Nullable NDArray bias) {
    /**
     * Finds the last hidden state.
     *
     * @param model the model
     * @return where it is
     */
    public static FinalState of(HookedTransformer model) {
        HookSite norm = HookSite.global(SiteKind.LN_FINAL_NORMALIZED);
        NormWeights weights = model.weights().unembed().finalNorm();
        if (weights != null && model.sites().has(norm)) {
            boolean before = model.config().block().norm().kind() == NormSpec.Kind.RMS;
            return new FinalState(norm, before ? weights.weight() : null, before ? weights.bias() : null);
        }
        int last = model.config().dims().layers() - 1;
        HookSite post = HookSite.of(SiteKind.NORMALIZED_RESID_POST, last);
        return new FinalState(model.sites().has(post) ? post : HookSite.of(SiteKind.RESID_POST, last), null, null);
    }

    /**
     * Reads the state of the last positions.
     *
     * @param seen what was seen at the site {@code [batch, rows, d_model]}; final norms are computed only as far as logits
     * @param rows how many last positions
     * @return {@code [batch, rows, d_model]}, in the manager of {@code seen}
     */
    public NDArray read(NDArray seen, int rows) {
        long all = seen.getShape().get(1);
        NDArray last = Alias.rows(seen, all - rows, all, seen.getManager());
        NDArray scaled = gain == null ? last : last.mul(gain);
        return bias == null ? scaled : scaled.add(bias);
    }
}
