package org.headscope.analysis.spi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.headscope.hooks.HeadscopeException;

/** All analyses by id. */
public final class AnalysisRegistry {
    private final Map<String, Analysis<?, ?>> byId = new TreeMap<>();

    /**
     * A registry of the given analyses.
     *
     * @param analyses which
     * @throws DeclarationException when two share an id, or parameters are declared wrongly
     */
    public AnalysisRegistry(Iterable<Analysis<?, ?>> analyses) {
        for (Analysis<?, ?> analysis : analyses) {
            String id = analysis.info().id();
            ParameterBinder.of(analysis.parameters());
            Analysis<?, ?> other = byId.put(id, analysis);
            if (other != null) {
                throw new DeclarationException("Two analyses are called '" + id + "': "
                        + other.getClass().getName() + " and "
                        + analysis.getClass().getName() + ".");
            }
        }
    }

    /** {@return all analyses that are on the class path} */
    public static AnalysisRegistry load() {
        List<Analysis<?, ?>> found = new ArrayList<>();
        for (Analysis<?, ?> analysis : ServiceLoader.load(Analysis.class)) {
            found.add(analysis);
        }
        return new AnalysisRegistry(found);
    }

    /** {@return all analyses, by id} */
    public Collection<Analysis<?, ?>> all() {
        return byId.values();
    }

    /**
     * Finds an analysis.
     *
     * @param id its id
     * @return the analysis
     * @throws HeadscopeException listing the known ids
     */
    public Analysis<?, ?> get(String id) {
        Analysis<?, ?> analysis = byId.get(id);
        if (analysis == null) {
            throw new HeadscopeException(
                    "There is no analysis '" + id + "'. Known: " + String.join(", ", byId.keySet()));
        }
        return analysis;
    }
}
