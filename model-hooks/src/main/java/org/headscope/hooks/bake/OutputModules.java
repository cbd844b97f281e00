package org.headscope.hooks.bake;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.headscope.hooks.HookedTransformer;

/**
 * What the projections that write to the residual stream are called in the checkpoint, without {@code .weight}: the names of
 * the modules in the library it was saved from.
 *
 * @param attention name of the projection W_O per layer
 * @param mlp name of the projection W_out per layer
 */
public record OutputModules(Map<Integer, String> attention, Map<Integer, String> mlp) {
    /** Copies the maps. */
    public OutputModules {
        attention = new TreeMap<>(attention);
        mlp = new TreeMap<>(mlp);
    }

    /**
     * Looks names up.
     *
     * @param model a loaded model
     * @param attentions the layers whose attention is asked for
     * @param mlps the layers whose MLP is asked for
     * @return their names
     * @throws org.headscope.hooks.HeadscopeException when the model was built, or a layer does not exist
     */
    public static OutputModules of(HookedTransformer model, Collection<Integer> attentions, Collection<Integer> mlps) {
        try (StoredOutputs stored = StoredOutputs.of(model)) {
            Map<Integer, String> attention = new TreeMap<>();
            Map<Integer, String> mlp = new TreeMap<>();
            attentions.forEach(layer -> attention.put(layer, module(stored.attention(layer))));
            mlps.forEach(layer -> mlp.put(layer, module(stored.mlp(layer))));
            return new OutputModules(attention, mlp);
        }
    }

    private static String module(StoredOutputs.Output output) {
        return output.matrix().info().name().replaceFirst("\\.weight$", "");
    }
}
