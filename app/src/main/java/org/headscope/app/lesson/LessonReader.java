package org.headscope.app.lesson;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.app.lesson.Step.Show;
import org.headscope.app.model.ModelCatalog;
import org.headscope.hooks.io.JsonFile;
import org.jspecify.annotations.Nullable;

/** Reads lesson files and refuses whatever could not work, before anyone is in the middle of it. */
public final class LessonReader {
    private static final Pattern HEAD = Pattern.compile("\\d{1,5}\\.\\d{1,5}");
    private static final List<Show> SHOWS = Arrays.asList(Show.values());

    private final ModelCatalog catalog;
    private final ComputationReader computations;
    private final QuestionReader questions;

    /**
     * @param catalog the models there are
     * @param analyses the analyses there are
     */
    public LessonReader(ModelCatalog catalog, AnalysisRegistry analyses) {
        this.catalog = catalog;
        this.computations = new ComputationReader(analyses);
        this.questions = new QuestionReader(new MeasureReader(computations));
    }

    /**
     * Reads a lesson.
     *
     * @param file in JSON
     * @throws LessonException when it cannot be used, naming the file, the place and what is allowed there
     */
    public Lesson read(Path file) {
        String name = String.valueOf(file.getFileName());
        JsonNode json;
        try {
            json = JsonFile.readObject(file);
        } catch (IOException e) {
            throw new LessonException(name + ": it cannot be read as JSON: " + e.getMessage(), e);
        }
        Place top = new Place(name, "", json).allow("title", "minutes", "about", "model", "steps");
        List<Step> steps = new ArrayList<>();
        for (Place step : top.at("steps").each(1)) {
            steps.add(step(step));
        }
        return new Lesson(
                name.replaceFirst("\\.json$", ""),
                top.at("title").text(),
                top.at("minutes").count(1),
                top.at("about").textOr(""),
                model(top.at("model")),
                steps);
    }

    private String model(Place place) {
        if (!place.isGiven()) {
            return ModelCatalog.DEFAULT;
        }
        return place.oneOf(
                catalog.bundled().stream().map(ModelCatalog.Entry::name).toList(), name -> name);
    }

    private Step step(Place place) {
        place.allow("text", "prompt", "mask", "head", "show", "analysis", "panels", "question");
        String prompt = place.at("prompt").textOrNull();
        @Nullable Computation computation = computations.read(place.at("analysis"), prompt);
        Set<Show> show = show(place.at("show"), prompt, computation);
        place.at("text").each(1);
        Step plain = new Step(
                place.at("text").texts(),
                prompt,
                heads(place.at("mask")),
                head(place.at("head")),
                show,
                computation,
                place.at("panels").texts(),
                null);
        return questions.asked(place.at("question"), plain);
    }

    private static Set<Show> show(Place place, @Nullable String prompt, @Nullable Computation computation) {
        Set<Show> shows = EnumSet.noneOf(Show.class);
        for (Place one : place.each()) {
            Show show = one.oneOf(SHOWS, word -> word.name().toLowerCase(Locale.ROOT));
            if (show == Show.ANALYSIS && computation == null) {
                throw one.wrong("there is nothing to show: give the step an \"analysis\" too.");
            }
            if (show != Show.ANALYSIS && show != Show.HEADS && prompt == null) {
                throw one.wrong("there is nothing to show: give the step a \"prompt\" too.");
            }
            shows.add(show);
        }
        return shows;
    }

    static List<String> heads(Place place) {
        List<String> heads = new ArrayList<>();
        for (Place one : place.each()) {
            heads.add(String.valueOf(head(one)));
        }
        return heads;
    }

    private static @Nullable String head(Place place) {
        if (!place.isGiven()) {
            return null;
        }
        if (!HEAD.matcher(place.text()).matches()) {
            throw place.wrong("\"" + place.text() + "\" is no head. Heads are written layer.head, such as 1.4.");
        }
        return place.text();
    }
}
