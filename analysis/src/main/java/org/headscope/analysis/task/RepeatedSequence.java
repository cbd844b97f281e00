package org.headscope.analysis.task;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random words twice: the second time each can be known from the first. */
public final class RepeatedSequence implements TaskGenerator {
    private static final int SHORTEST = 4;
    private static final int LONGEST = 24;

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                "repeat",
                "Repeated random words",
                "Go on with a list of random words that has begun to repeat.",
                "Olsson et al. 2022, arXiv 2209.11895");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        int length = random.nextInt(SHORTEST, LONGEST + 1);
        List<String> list = Words.sample(words.list(2 * LONGEST, "things"), length + 1, random);
        List<String> once = list.subList(0, length);
        int next = random.nextInt(1, length);
        String first = "Words: " + String.join(" ", once);
        String second = " " + String.join(" ", once.subList(0, next));
        List<String> changed = new ArrayList<>(once);
        changed.set(next, list.get(length));
        String corrupt = "Words: " + String.join(" ", changed);
        TaskExample example = TaskExample.of(
                String.join(" ", once), first + second, corrupt + second, " " + once.get(next), " " + list.get(length));
        String start = " " + once.get(0);
        String rest = (" " + String.join(" ", once)).substring(start.length());
        return example.learnedFrom(
                Passage.ofNoise(first).text(start).answer(rest).text("."));
    }
}
