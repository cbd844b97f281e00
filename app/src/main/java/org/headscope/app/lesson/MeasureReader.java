package org.headscope.app.lesson;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.headscope.app.lesson.Measure.Summary;
import org.jspecify.annotations.Nullable;

/** Reads numbers that are computed. */
final class MeasureReader {
    private static final List<Summary> SUMMARIES = Arrays.asList(Summary.values());

    private final ComputationReader computations;

    MeasureReader(ComputationReader computations) {
        this.computations = computations;
    }

    Measure read(Place place, Step step) {
        if (place.node().isNumber()) {
            return new Measure.Constant(place.number());
        }
        if (place.node().has("token")) {
            return probability(place, step);
        }
        place.allow("analysis", "panel", "at", "row", "column", "of");
        Computation own = computations.read(place.at("analysis"), step.prompt());
        if (own == null && step.computation() == null) {
            throw place.wrong("neither this nor the step has an \"analysis\" that could compute it.");
        }
        return inPanel(place, own, place.at("panel").text());
    }

    private static Measure probability(Place place, Step step) {
        place.allow("token", "prompt", "mask");
        String prompt = place.at("prompt").textOrNull();
        if (prompt == null && step.prompt() == null) {
            throw place.wrong("neither this nor the step has a \"prompt\" after which the token could come.");
        }
        return new Measure.Probability(place.at("token").text(), prompt, LessonReader.heads(place.at("mask")));
    }

    private static Measure inPanel(Place place, @Nullable Computation own, String panel) {
        if (place.at("at").isGiven()) {
            List<Integer> at = new ArrayList<>();
            place.at("at").each(1).forEach(index -> at.add(index.count(0)));
            return new Measure.Cell(own, panel, at);
        }
        if (place.at("row").isGiven()) {
            return new Measure.Entry(
                    own, panel, place.at("row").text(), place.at("column").text());
        }
        if (place.at("of").isGiven()) {
            return new Measure.Whole(own, panel, place.at("of").oneOf(SUMMARIES, word -> word.name()
                    .toLowerCase(Locale.ROOT)));
        }
        throw place.wrong("which number of the panel? Give \"at\" with an index per axis, \"row\" and \"column\" of a"
                + " table, or \"of\": largest, smallest or mean.");
    }
}
