package org.headscope.analysis.task;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A text claims something that the model knows better, and one word of the question decides which of the two is asked for.
 * The corrupt prompt has a word of the other kind.
 */
public final class KnowledgeConflict implements TaskGenerator {
    private static final List<String> CONTEXT = List.of("story", "tale", "legend", "rumor");
    private static final List<String> MEMORY = List.of("atlas", "world", "truth", "record");
    private static final List<String> CLAIMS = List.of(
            "Someone said that the capital of {country} is {false}. In the {cue} the capital of {country} is",
            "They wrote that the capital of {country} is {false}. By the {cue} the capital of {country} is",
            "A stranger claimed that {false} is the capital of {country}. In the {cue} the capital of {country} is",
            "The text says that {country} is ruled from {false}. By the {cue} the capital of {country} is");

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                "conflict",
                "Context against memory",
                "Answer from the text or from memory, as one word of the question decides.",
                "Jin et al. 2024, arXiv 2402.18154");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        List<List<String>> rows = Words.sample(words.rows(4, "countries", "country", "capital"), 2, random);
        String country = rows.get(0).get(0);
        String truth = rows.get(0).get(1);
        String claimed = rows.get(1).get(1);
        boolean fromContext = random.nextBoolean();
        String form = Words.one(CLAIMS, random);
        String text = form.replace("{country}", country).replace("{false}", claimed);
        String context = text.replace("{cue}", Words.one(CONTEXT, random));
        String memory = text.replace("{cue}", Words.one(MEMORY, random));
        return TaskExample.of(
                        country + " " + claimed,
                        fromContext ? context : memory,
                        fromContext ? memory : context,
                        " " + (fromContext ? claimed : truth),
                        " " + (fromContext ? truth : claimed))
                .inForm(form);
    }
}
