package org.headscope.analysis.task;

import java.util.List;
import java.util.random.RandomGenerator;

/** The number of a subject decides the verb, whatever noun stands between them. The corrupt prompt changes the number. */
public final class Agreement implements TaskGenerator {
    private static final List<String> JOINTS = List.of("near", "behind", "beside", "above", "with");
    private static final List<String> ENDS = List.of("old", "new", "here", "quiet", "ready");

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                "agreement",
                "Subject and verb",
                "Give a verb that agrees with the subject, across a phrase with another noun.",
                "Linzen et al. 2016, arXiv 1611.01368");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        List<List<String>> nouns = Words.sample(words.rows(4, "nouns", "singular", "plural"), 2, random);
        List<List<String>> verbs = words.rows(2, "verbs", "singular", "plural");
        int number = random.nextInt(2);
        String rest = " " + Words.one(JOINTS, random) + " the " + nouns.get(1).get(random.nextInt(2));
        String prompt = "The " + nouns.get(0).get(number) + rest;
        String corrupt = "The " + nouns.get(0).get(1 - number) + rest;
        Passage passage = Passage.of(prompt)
                .answer(" " + Words.one(verbs, random).get(number))
                .text(" " + Words.one(ENDS, random) + ".");
        return new TaskExample(
                nouns.get(0).get(0) + " " + nouns.get(1).get(0),
                passage,
                prompt,
                corrupt,
                column(verbs, number),
                column(verbs, 1 - number),
                "The .. near the ..");
    }

    private static List<String> column(List<List<String>> verbs, int number) {
        return verbs.stream().map(row -> " " + row.get(number)).toList();
    }
}
