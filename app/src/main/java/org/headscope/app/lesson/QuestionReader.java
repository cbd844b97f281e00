package org.headscope.app.lesson;

import java.util.ArrayList;
import java.util.List;
import org.headscope.app.lesson.Question.Wording;
import org.headscope.app.lesson.Step.Show;

/** Reads what is asked. */
final class QuestionReader {
    private static final List<String> KINDS = List.of("largest", "smallest", "prediction", "number", "choice");
    private static final double USUALLY_WITHIN = 0.05;

    private final MeasureReader measures;

    QuestionReader(MeasureReader measures) {
        this.measures = measures;
    }

    /** The step with its question, if it has one. */
    Step asked(Place place, Step step) {
        return place.isGiven()
                ? new Step(
                        step.text(),
                        step.prompt(),
                        step.mask(),
                        step.head(),
                        step.show(),
                        step.computation(),
                        step.panels(),
                        read(place, step))
                : step;
    }

    private Question read(Place place, Step step) {
        String kind = place.at("kind").oneOf(KINDS, word -> word);
        return switch (kind) {
            case "largest", "smallest" -> extreme(place, step, kind.equals("largest"));
            case "prediction" -> masking(place, step);
            case "number" -> number(place, step);
            default -> choice(place, step);
        };
    }

    private static Wording wording(Place place) {
        return new Wording(
                place.at("ask").text(),
                place.at("hint").text(),
                place.at("then").textOr(""));
    }

    private static Question extreme(Place place, Step step, boolean largest) {
        place.allow("kind", "ask", "hint", "then", "panel", "within");
        if (!step.show().contains(Show.ANALYSIS)) {
            throw place.wrong("its cells have to be seen: give the step an \"analysis\" and let it \"show\" it.");
        }
        String panel = place.at("panel").text();
        if (!step.panels().isEmpty() && !step.panels().contains(panel)) {
            throw place.at("panel").wrong("\"" + panel + "\" is not among the panels that the step shows.");
        }
        Place within = place.at("within");
        double share = within.isGiven() ? within.number() : USUALLY_WITHIN;
        if (share < 0 || share >= 1) {
            throw within.wrong("a share from 0 to below 1 is expected, not " + share + ".");
        }
        return new Question.Extreme(wording(place), panel, largest, share);
    }

    private static Question masking(Place place, Step step) {
        place.allow("kind", "ask", "hint", "then", "is", "is_not", "at_least", "at_most", "solution");
        if (step.prompt() == null || !step.show().contains(Show.HEADS)) {
            throw place.wrong("heads have to be masked for it: give the step a \"prompt\" and let it \"show\" heads.");
        }
        boolean wanted = place.at("is").isGiven();
        if (wanted == place.at("is_not").isGiven()) {
            throw place.wrong("give either \"is\" or \"is_not\", with the token.");
        }
        int least = place.at("at_least").isGiven() ? place.at("at_least").count(1) : 0;
        int most = place.at("at_most").isGiven() ? place.at("at_most").count(Math.max(1, least)) : Integer.MAX_VALUE;
        place.at("solution").each(1);
        List<String> solution = LessonReader.heads(place.at("solution"));
        if (solution.size() < least || solution.size() > most) {
            throw place.at("solution")
                    .wrong("it has " + solution.size() + " heads, which \"at_least\" and \"at_most\" do not allow.");
        }
        String token = place.at(wanted ? "is" : "is_not").text();
        return new Question.Masking(wording(place), token, wanted, least, most, solution);
    }

    private Question number(Place place, Step step) {
        place.allow("kind", "ask", "hint", "then", "value", "tolerance");
        double tolerance = place.at("tolerance").number();
        if (!(tolerance > 0)) {
            throw place.at("tolerance").wrong("a number above 0 is expected, not " + tolerance + ".");
        }
        return new Question.Number(wording(place), measures.read(place.at("value"), step), tolerance);
    }

    private Question choice(Place place, Step step) {
        place.allow("kind", "ask", "hint", "then", "right", "options");
        boolean largest = place.at("right")
                .oneOf(List.of("largest", "smallest"), word -> word)
                .equals("largest");
        List<Question.Option> options = new ArrayList<>();
        for (Place option : place.at("options").each(2)) {
            option.allow("text", "value");
            options.add(new Question.Option(option.at("text").text(), measures.read(option.at("value"), step)));
        }
        return new Question.Choice(wording(place), largest, options);
    }
}
