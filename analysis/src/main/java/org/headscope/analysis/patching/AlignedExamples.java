package org.headscope.analysis.patching;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.task.EncodedExample;

/**
 * Examples whose cells mean the same, so that one may average over them. Heads are the same in every prompt; positions are
 * only where prompts have as many tokens and differ from their corrupt twins at the same places.
 *
 * @param examples those that line up, in the order they were drawn
 * @param positions what their positions are called, counted from the end: {@code -1} is the last; empty for heads
 */
record AlignedExamples(List<EncodedExample> examples, Axis positions) {
    /** Chooses the most frequent form where the site has positions, and keeps every example where it has none. */
    static AlignedExamples of(PatchSite site, List<EncodedExample> drawn, IntFunction<String> show) {
        if (site.layout() == PatchSite.Layout.HEADS) {
            return new AlignedExamples(drawn, Axis.of(Axis.POSITION, 0));
        }
        Map<Form, List<EncodedExample>> forms =
                drawn.stream().collect(Collectors.groupingBy(Form::of, LinkedHashMap::new, Collectors.toList()));
        List<EncodedExample> most = List.of();
        for (List<EncodedExample> group : forms.values()) {
            most = group.size() > most.size() ? group : most;
        }
        return new AlignedExamples(most, positions(most, show));
    }

    private record Form(int length, List<Integer> changed) {
        private static Form of(EncodedExample example) {
            List<Integer> changed = IntStream.range(0, example.length())
                    .filter(p -> example.clean()[p] != example.corrupt()[p])
                    .boxed()
                    .toList();
            return new Form(example.length(), changed);
        }
    }

    private static Axis positions(List<EncodedExample> group, IntFunction<String> show) {
        Form form = Form.of(group.get(0));
        List<String> labels = new ArrayList<>();
        for (int p = 0; p < form.length(); p++) {
            int at = p;
            int token = group.get(0).clean()[p];
            boolean same = group.stream().allMatch(example -> example.clean()[at] == token);
            String what = form.changed().contains(p) ? " (changed)" : same ? ":" + show.apply(token) : "";
            labels.add((p - form.length()) + what);
        }
        return Axis.positions(labels);
    }
}
