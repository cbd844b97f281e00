package org.headscope.analysis.choice;

import java.util.List;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * The queries, keys or values of one head, where multiple choice needs them: queries at the last token, keys and values at
 * the labels.
 *
 * @param kind {@link SiteKind#Q}, {@link SiteKind#K} or {@link SiteKind#V}, all before rotation
 * @param layer the layer
 * @param index the head, or the key-value head
 */
record HeadSide(SiteKind kind, int layer, int index) {
    HookSite site() {
        return HookSite.of(kind, layer);
    }

    List<Integer> positions(ChoicePrompt prompt) {
        return kind == SiteKind.Q ? List.of(prompt.example().length() - 1) : prompt.positions();
    }

    String label() {
        String what =
                switch (kind) {
                    case Q -> "queries of ";
                    case K -> "keys of key-value head ";
                    default -> "values of key-value head ";
                };
        return what + layer + "." + index;
    }
}
