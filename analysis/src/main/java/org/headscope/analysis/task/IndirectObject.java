package org.headscope.analysis.task;

import java.util.List;
import java.util.random.RandomGenerator;

/** Two people, one of them acts; the other one is meant. The corrupt prompt lets the other one act. */
public final class IndirectObject implements TaskGenerator {
    private static final List<String> TEMPLATES = List.of(
            "When {1} and {2} went to the {place}, {s} gave the {object} to",
            "After {1} and {2} left the {place}, {s} offered a {object} to",
            "While {1} and {2} were at the {place}, {s} handed the {object} to",
            "Then {1} and {2} walked to the {place} and {s} passed a {object} to",
            "One day {1} and {2} met near the {place} and {s} sold the {object} to",
            "Because {1} and {2} were friends, {s} brought a {object} from the {place} to",
            "At the {place} {1} and {2} talked for long, then {s} showed the {object} to",
            "Once {1} and {2} had found a {object} in the {place}, {s} gave it to");

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                "ioi",
                "Indirect object",
                "Name the person who was mentioned once, not the one who acts.",
                "Wang et al. 2022, arXiv 2211.00593");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        List<String> names = Words.sample(words.list(4, "names"), 2, random);
        String indirect = names.get(0);
        String subject = names.get(1);
        boolean subjectFirst = random.nextBoolean();
        String form = Words.one(TEMPLATES, random);
        String template = form.replace("{1}", subjectFirst ? subject : indirect)
                .replace("{2}", subjectFirst ? indirect : subject)
                .replace("{place}", Words.one(words.things(2, "place"), random))
                .replace("{object}", Words.one(words.things(2, "object"), random));
        // Neither order of a held-out pair is ever learned.
        String role = indirect.compareTo(subject) < 0 ? indirect + " " + subject : subject + " " + indirect;
        String prompt = template.replace("{s}", subject);
        TaskExample example =
                TaskExample.of(role, prompt, template.replace("{s}", indirect), " " + indirect, " " + subject);
        int acts = template.indexOf("{s}") - 1;
        Passage passage = Passage.of(prompt.substring(0, acts)).text(prompt.substring(acts));
        return example.learnedFrom(passage.answer(" " + indirect).text(".")).inForm(form);
    }

    @Override
    public String neutralSet() {
        return "three distinct names (ABC)";
    }

    @Override
    public String neutral(String form, Words words, RandomGenerator random) {
        List<String> names = Words.sample(words.list(4, "names"), 3, random);
        return form.replace("{1}", names.get(0))
                .replace("{2}", names.get(1))
                .replace("{s}", names.get(2))
                .replace("{place}", Words.one(words.things(2, "place"), random))
                .replace("{object}", Words.one(words.things(2, "object"), random));
    }
}
