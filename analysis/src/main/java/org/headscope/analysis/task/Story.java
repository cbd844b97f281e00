package org.headscope.analysis.task;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Short stories of a few sentences about two people, for plain text; also what needles are hidden in. */
public final class Story implements TaskGenerator {
    private static final List<String> STARTS = List.of(
            "Once there was a {job} named {a} who lived near the {place}.",
            "{a} was a {job} and worked at the {place}.",
            "It was a day of {weather} and {a} the {job} stayed at the {place}.",
            "Every morning {a} the {job} walked to the {place}.");
    private static final List<String> MIDDLES = List.of(
            "One day {a} found a {color} {object} under a tree.",
            "{a} had a {animal} that liked to eat a {fruit} at noon.",
            "Then {b} came to the {place} and asked {a} for help.",
            "The {animal} ran away and {a} looked for it with {b}.",
            "{b} gave {a} a {fruit} and they sat down together.",
            "There was {weather} all day, so {a} and {b} stayed inside.",
            "{a} told {b} about the {color} {object}.",
            "The {animal} slept beside the {object} all night.",
            "{b} wanted to buy the {object}, but {a} said no.");
    private static final List<String> ENDS = List.of(
            "In the end {b} was happy and {a} went home.",
            "After that {a} and {b} were friends.",
            "Then {b} thanked {a} and left the {place}.",
            "At last the {animal} came back to {a}.");
    private static final int MIDDLE = 3;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[ .,]+");

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                "story",
                "Short stories",
                "Go on with a story; the question is who is at the end of it.",
                "generated sentences of this project");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        List<String> names = Words.sample(words.list(3, "names"), 2, random);
        Cast cast = Cast.of(words, names, random);
        StringBuilder text = new StringBuilder(cast.fill(Words.one(STARTS, random)));
        Words.sample(MIDDLES, MIDDLE, random).forEach(middle -> text.append(' ').append(cast.fill(middle)));
        String told = text.toString();
        String end = cast.fill(Words.one(ENDS, random));
        String first = names.get(0);
        String last = cast.fill(" In this story the {job} was");
        String other = names.get(1);
        return new TaskExample(
                first + " " + other,
                Passage.of(told + " " + end).text(last).answer(" " + first).text("."),
                told + " " + end + last,
                swap(told + " " + end, first, other) + last,
                List.of(" " + first),
                List.of(" " + other));
    }

    private static String swap(String text, String first, String other) {
        return text.replace(first, "\0").replace(other, first).replace("\0", other);
    }

    /**
     * Plain text of sentences from such stories.
     *
     * @param words to fill them with
     * @param length least number of words
     * @param random draws
     * @return the sentences, a blank between them
     * @throws TaskException when there are too few words of some kind
     */
    public static String filler(Words words, int length, RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        int count = 0;
        while (count < length) {
            List<String> names = Words.sample(words.list(3, "names"), 2, random);
            Cast cast = Cast.of(words, names, random);
            String sentence = cast.fill(Words.one(random.nextInt(4) == 0 ? STARTS : MIDDLES, random));
            text.append(text.isEmpty() ? "" : " ").append(sentence);
            count += BETWEEN_WORDS.split(sentence, -1).length;
        }
        return text.toString();
    }

    /**
     * Who and what a story is about.
     *
     * @param words what stands for each word in braces
     */
    private record Cast(Map<String, String> words) {
        private static final List<String> KINDS = List.of("place", "weather", "color", "object", "animal", "fruit");

        static Cast of(Words words, List<String> names, RandomGenerator random) {
            Map<String, String> drawn = new HashMap<>();
            drawn.put("a", names.get(0));
            drawn.put("b", names.get(1));
            drawn.put("job", Words.one(words.things(1, "job"), random));
            KINDS.forEach(kind -> drawn.put(kind, Words.one(words.things(1, kind), random)));
            return new Cast(drawn);
        }

        String fill(String sentence) {
            StringBuilder text = new StringBuilder();
            int from = 0;
            for (int open = sentence.indexOf('{'); open >= 0; open = sentence.indexOf('{', from)) {
                int close = sentence.indexOf('}', open);
                text.append(sentence, from, open).append(words.get(sentence.substring(open + 1, close)));
                from = close + 1;
            }
            return Articles.fit(text.append(sentence, from, sentence.length()).toString());
        }
    }
}
