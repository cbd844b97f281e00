package org.headscope.hooks.run;

import ai.djl.ndarray.NDArray;
import java.util.List;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.site.HookSite;

/**
 * A user's hook as an edit.
 *
 * @param label how it is receipted
 * @param site where it acts
 * @param hook what it does
 */
public record HookEdit(String label, HookSite site, Hook hook) implements SiteEdit {
    @Override
    public List<String> labels() {
        return List.of(label);
    }

    @Override
    public NDArray apply(NDArray value, HookPoint point, ReceiptBook book) {
        NDArray replaced = hook.apply(value, point);
        if (replaced == null) {
            book.fired(label, 0);
            return value;
        }
        if (!replaced.getShape().equals(value.getShape())) {
            throw new HeadscopeException("Hook '" + label + "' at " + site + " returned shape " + replaced.getShape()
                    + " but must keep " + value.getShape() + ".");
        }
        book.fired(label, value, replaced);
        return replaced;
    }
}
