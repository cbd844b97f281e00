package org.headscope.analysis.task;

import java.util.List;
import java.util.random.RandomGenerator;

/** Something about a country that one has to know. The corrupt prompt asks about another country. */
public final class Fact implements TaskGenerator {
    private static final List<String> CAPITAL = List.of(
            "The capital of {country} is",
            "The capital city of {country} is called",
            "{country} has its capital in",
            "Everyone knows that the capital of {country} is",
            "The rulers of {country} live in",
            "On the map of {country} the capital is",
            "In the middle of {country} lies the capital",
            "If you go to {country}, visit the capital");
    private static final List<String> LANGUAGE = List.of(
            "The language of {country} is",
            "People in {country} speak",
            "In {country} most people talk in",
            "The books of {country} are written in",
            "Children in {country} learn to read",
            "The letter from {country} was in",
            "To live in {country} one has to know",
            "The songs of {country} are sung in");

    private final String relation;
    private final List<String> templates;

    private Fact(String relation, List<String> templates) {
        this.relation = relation;
        this.templates = templates;
    }

    /** {@return capitals of countries} */
    public static Fact capital() {
        return new Fact("capital", CAPITAL);
    }

    /** {@return languages of countries} */
    public static Fact language() {
        return new Fact("language", LANGUAGE);
    }

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                relation,
                "Fact: " + relation,
                "Recall the " + relation + " of a country.",
                "Meng et al. 2022, arXiv 2202.05262; Geva et al. 2023, arXiv 2304.14767");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        List<List<String>> rows = words.rows(4, "countries", "country", relation);
        List<String> row = Words.one(rows, random);
        List<String> other = Words.one(rows, random);
        while (other.get(1).equals(row.get(1))) {
            other = Words.one(rows, random);
        }
        int form = random.nextInt(templates.size());
        String template = templates.get(form);
        return TaskExample.of(
                        relation + " " + row.get(0) + " " + form,
                        template.replace("{country}", row.get(0)),
                        template.replace("{country}", other.get(0)),
                        " " + row.get(1),
                        " " + other.get(1))
                .inForm(template);
    }
}
