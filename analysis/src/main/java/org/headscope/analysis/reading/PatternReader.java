package org.headscope.analysis.reading;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.generate.PromptReader;
import org.headscope.hooks.intervene.Intervention;
import org.headscope.hooks.intervene.Interventions;
import org.headscope.hooks.run.HookEdit;
import org.headscope.hooks.run.Receipt;
import org.headscope.hooks.run.SiteEdit;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/** Shows attention patterns of any layers in one pass over a prompt, piece by piece, so that no layer's is held whole. */
public final class PatternReader {
    /* Shorter prompts are read in one piece, exactly as in any other run. */
    private static final int ROWS_AT_ONCE = 256;

    private static final String OWN_LABEL = "pattern of layer ";

    private PatternReader() {}

    /** Is shown patterns. */
    @FunctionalInterface
    public interface Rows {
        /**
         * Called for each layer in turn, and again for each further piece of the prompt.
         *
         * @param layer counted from 0
         * @param first position of the first query
         * @param pattern attention probabilities {@code [1, head, rows, first + rows]}; freed when the call returns
         */
        void seen(int layer, int first, NDArray pattern);
    }

    /**
     * Reads a prompt.
     *
     * @param model the model
     * @param ids token ids of the prompt
     * @param standing what acts meanwhile; patterns are seen as the model then uses them
     * @param layers which layers, ascending, at least one
     * @param rows is shown their patterns
     * @return receipts of what acted
     * @throws org.headscope.hooks.HeadscopeException when the prompt does not fit the model, or what stands never acted
     */
    public static List<Receipt> read(
            HookedTransformer model, int[] ids, List<Intervention> standing, List<Integer> layers, Rows rows) {
        List<SiteEdit> edits = new ArrayList<>(new Interventions(model.config()).compile(standing));
        // Behind what stands, so that they see patterns as the model uses them.
        for (int layer : layers.subList(0, layers.size() - 1)) {
            edits.add(new HookEdit(OWN_LABEL + layer, site(layer), (value, point) -> {
                rows.seen(layer, point.context().first(), value);
                return null;
            }));
        }
        int last = layers.get(layers.size() - 1);
        return new PromptReader(model, ROWS_AT_ONCE)
                .read(ids, edits, site(last), (first, value) -> rows.seen(last, first, value)).stream()
                        .filter(receipt -> !receipt.label().startsWith(OWN_LABEL))
                        .toList();
    }

    private static HookSite site(int layer) {
        return HookSite.of(SiteKind.PATTERN, layer);
    }
}
