package org.headscope.app.lesson;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.spi.ParameterException;
import org.jspecify.annotations.Nullable;

/** Reads what is to be computed. */
final class ComputationReader {
    private static final String PROMPT = "prompt";

    private final AnalysisRegistry analyses;

    ComputationReader(AnalysisRegistry analyses) {
        this.analyses = analyses;
    }

    /** Nothing is given, nothing is computed. A parameter named prompt is that of the step unless it is given. */
    @Nullable
    Computation read(Place place, @Nullable String prompt) {
        if (!place.isGiven()) {
            return null;
        }
        place.allow("id", "parameters");
        Place id = place.at("id");
        Analysis<?, ?> analysis =
                id.oneOf(List.copyOf(analyses.all()), known -> known.info().id());
        Place parameters = place.at("parameters");
        ObjectNode given = JsonNodeFactory.instance.objectNode();
        if (parameters.isGiven()) {
            if (!parameters.node().isObject()) {
                throw parameters.wrong("an object {...} of parameters is expected.");
            }
            given.setAll((ObjectNode) parameters.node());
        }
        return new Computation(id.text(), texts(analysis, given, prompt, parameters));
    }

    private static <P extends Record> Map<String, String> texts(
            Analysis<P, ?> analysis, ObjectNode given, @Nullable String prompt, Place place) {
        ParameterBinder<P> binder = ParameterBinder.of(analysis.parameters());
        boolean takesPrompt =
                binder.specs().stream().anyMatch(spec -> spec.name().equals(PROMPT));
        if (takesPrompt && prompt != null && !given.has(PROMPT)) {
            given.put(PROMPT, prompt);
        }
        try {
            return binder.toText(binder.bind(given));
        } catch (ParameterException e) {
            throw place.wrong(String.valueOf(e.getMessage()), e);
        }
    }
}
