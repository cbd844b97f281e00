package org.headscope.analysis.recall;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.task.EncodedExample;

/** Examples that are worded alike and differ in their subject, the tokens that the corrupt prompt changes. */
final class Templates {
    private final List<EncodedExample> examples;
    private final Map<List<Integer>, List<Integer>> alike = new HashMap<>();

    Templates(List<EncodedExample> examples) {
        this.examples = List.copyOf(examples);
        for (int i = 0; i < examples.size(); i++) {
            alike.computeIfAbsent(wording(examples.get(i)), key -> new ArrayList<>())
                    .add(i);
        }
    }

    /** Positions at which clean and corrupt differ: those of the subject. */
    static List<Integer> subject(EncodedExample example) {
        return IntStream.range(0, example.length())
                .filter(p -> example.clean()[p] != example.corrupt()[p])
                .boxed()
                .toList();
    }

    /** The prompt with a gap in place of its subject. */
    private static List<Integer> wording(EncodedExample example) {
        int[] ids = example.clean().clone();
        subject(example).forEach(p -> ids[p] = -1);
        return Arrays.stream(ids).boxed().toList();
    }

    /**
     * Examples worded like one of them whose corrupt prompts ask for another answer than it; its own corrupt prompt is
     * always among them.
     */
    List<Integer> others(int example) {
        int answer = examples.get(example).answers()[0];
        return alike.getOrDefault(wording(examples.get(example)), List.of()).stream()
                .filter(i -> examples.get(i).corruptAnswers()[0] != answer)
                .collect(Collectors.toList());
    }
}
