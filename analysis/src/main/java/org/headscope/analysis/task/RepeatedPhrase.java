package org.headscope.analysis.task;

import java.util.List;
import java.util.random.RandomGenerator;

/** A sentence, another one, and the first again. */
public final class RepeatedPhrase implements TaskGenerator {
    @Override
    public TaskInfo info() {
        return new TaskInfo(
                "phrase",
                "Repeated phrase",
                "Go on with a phrase that was used before, some words ago.",
                "Olsson et al. 2022, arXiv 2209.11895");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        List<String> names = Words.sample(words.list(4, "names"), 2, random);
        List<String> colors = Words.sample(words.things(4, "color"), 2, random);
        List<String> animals = Words.sample(words.things(4, "animal"), 3, random);
        List<String> places = Words.sample(words.things(4, "place"), 2, random);
        String before = names.get(0) + " dreams of the " + colors.get(0);
        String role = before + " " + animals.get(0);
        String between = " by the " + places.get(0) + ". " + names.get(1) + " dreams of the " + colors.get(1) + " "
                + animals.get(1) + " by the " + places.get(1) + ". ";
        String answer = " " + animals.get(0);
        String other = " " + animals.get(2);
        String prompt = "At night " + before + answer + between + "At night " + before;
        String corrupt = "At night " + before + other + between + "At night " + before;
        Passage passage = Passage.of("At night " + before + answer + between + "At night " + names.get(0))
                .text(" dreams of the")
                .answer(" " + colors.get(0) + answer)
                .text(" by the")
                .answer(" " + places.get(0))
                .text(".");
        return TaskExample.of(role, prompt, corrupt, answer, other)
                .learnedFrom(passage)
                .inForm("At night ..");
    }

    @Override
    public String neutralSet() {
        return "three different sentences, so that nothing is repeated";
    }

    @Override
    public String neutral(String form, Words words, RandomGenerator random) {
        List<String> names = Words.sample(words.list(4, "names"), 3, random);
        List<String> colors = Words.sample(words.things(4, "color"), 3, random);
        List<String> animals = Words.sample(words.things(4, "animal"), 2, random);
        List<String> places = Words.sample(words.things(4, "place"), 2, random);
        String dreams = " dreams of the ";
        return "At night " + names.get(0) + dreams + colors.get(0) + " " + animals.get(0) + " by the " + places.get(0)
                + ". " + names.get(1) + dreams + colors.get(1) + " " + animals.get(1) + " by the " + places.get(1)
                + ". At night " + names.get(2) + dreams + colors.get(2);
    }
}
