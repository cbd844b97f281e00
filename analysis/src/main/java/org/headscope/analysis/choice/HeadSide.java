package org.headscope.analysis.choice;

import java.util.List;
import java.util.stream.Stream;
import org.headscope.hooks.site.HookSite;
import org.headscope.hooks.site.SiteKind;

/**
 * The queries, keys or values of one head, where multiple choice needs them: queries at the last token, keys and values
 * where the options are.
 *
 * @param kind {@link SiteKind#Q}, {@link SiteKind#K} or {@link SiteKind#V}, all before rotation
 * @param layer the layer
 * @param index the head, or the key-value head
 * @param places which tokens of the options
 */
record HeadSide(SiteKind kind, int layer, int index, LowRankQk.Places places) {
    HookSite site() {
        return HookSite.of(kind, layer);
    }

    List<Integer> positions(ChoicePrompt prompt) {
        if (kind == SiteKind.Q) {
            return List.of(prompt.example().length() - 1);
        }
        if (places == LowRankQk.Places.LABELS) {
            return prompt.positions();
        }
        Stream<Integer> contents = prompt.contents().stream().flatMap(List::stream);
        return Stream.concat(prompt.positions().stream(), contents).toList();
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
