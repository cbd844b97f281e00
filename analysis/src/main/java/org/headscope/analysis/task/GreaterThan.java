package org.headscope.analysis.task;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Something lasts from one year to a later one of the same century. The corrupt prompt begins in the year 01. */
public final class GreaterThan implements TaskGenerator {
    private static final int EARLIEST = 2;
    private static final int LATEST = 98;
    private static final List<String> TEMPLATES = List.of(
            "The {event} lasted from the year {from} to the year {century}",
            "The {event} began in {from} and ended in {century}",
            "From {from} the {event} went on until {century}");

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                "greater-than",
                "A later year",
                "Give the last two digits of a year that is later than the one named.",
                "Hanna et al. 2023, arXiv 2305.00586");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        int century = random.nextInt(11, 19);
        int year = random.nextInt(EARLIEST, LATEST + 1);
        String event = Words.one(words.list(3, "events"), random);
        String form = Words.one(TEMPLATES, random);
        String template = form.replace("{event}", event).replace("{century}", Integer.toString(century));
        String end = two(random.nextInt(year + 1, 100));
        String prompt = template.replace("{from}", century + two(year));
        Passage passage = Passage.of(prompt).answer(end).text(".");
        return new TaskExample(
                century + " " + two(year),
                passage,
                prompt,
                template.replace("{from}", century + "01"),
                years(year + 1, 99),
                years(EARLIEST, year),
                form);
    }

    private static List<String> years(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(GreaterThan::two).toList();
    }

    private static String two(int year) {
        return year < 10 ? "0" + year : Integer.toString(year);
    }
}
