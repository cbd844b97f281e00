package org.headscope.app.workbench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.headscope.analysis.mask.MaskSources;
import org.headscope.analysis.result.Provenance;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisRegistry;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.store.RunSpec;
import org.headscope.app.model.ModelCatalog;
import org.headscope.hooks.HeadscopeException;

/** Commands that do without the window what was done in it. */
public final class CommandText {
    private static final Pattern PLAIN = Pattern.compile("[\\w.,:/@%+=-]+");

    private CommandText() {}

    /**
     * The command of a run in the history.
     *
     * @param services what can be run here, and on which shipped models
     * @param spec what was run
     * @return the command
     * @throws org.headscope.hooks.HeadscopeException when this version does not have that analysis, or its parameters have
     *     changed since
     */
    public static String of(Services services, RunSpec spec) {
        Map<String, String> texts = texts(services.analyses().get(spec.analysis()), spec.parameters());
        String line = of(spec.analysis(), model(services.catalog(), spec.model().path()), texts);
        return line + " --seed " + spec.seed() + (spec.mask().isEmpty() ? "" : " --mask mask.json");
    }

    /**
     * The command of a result.
     *
     * @param analyses the methods there are
     * @param catalog the shipped models
     * @param origin where the result came from
     * @return the command; empty when it was an analysis that this version does not have
     */
    public static String of(AnalysisRegistry analyses, ModelCatalog catalog, Provenance origin) {
        try {
            Map<String, String> texts = texts(analyses.get(origin.analysis()), origin.parameters());
            boolean masked = !origin.numerics().maskMode().equals(Session.ActiveMask.NONE.label());
            return of(origin.analysis(), model(catalog, origin.model().path()), texts)
                    + " --bos-policy " + origin.numerics().bosPolicy().toUpperCase(Locale.ROOT)
                    + " --seed " + origin.seed() + (masked ? " --mask mask.json" : "");
        } catch (HeadscopeException e) {
            return "";
        }
    }

    /** A shipped model goes by its name, wherever Headscope lies. */
    private static String model(ModelCatalog catalog, String path) {
        return catalog.bundled().stream()
                .filter(entry ->
                        entry.path().toAbsolutePath().normalize().toString().equals(path))
                .map(ModelCatalog.Entry::name)
                .findFirst()
                .orElse(path);
    }

    static String of(String analysis, String model, Map<String, String> texts) {
        StringBuilder line = new StringBuilder("headscope run ").append(analysis);
        line.append(" --model ").append(quoted(model));
        texts.forEach(
                (flag, text) -> line.append(" --").append(flag).append(' ').append(quoted(text)));
        return line.toString();
    }

    private static <P extends Record> Map<String, String> texts(Analysis<P, ?> analysis, ObjectNode parameters) {
        ParameterBinder<P> binder = ParameterBinder.of(analysis.parameters());
        return binder.toText(binder.bind(parameters));
    }

    /** Says which prompts a mask takes activations from. */
    static String flags(MaskSources sources) {
        return (sources.mean().isEmpty() ? "" : " --mean-over " + quoted(sources.mean()))
                + (sources.resample().isEmpty() ? "" : " --resample-from " + quoted(sources.resample()));
    }

    /** Quotes what a shell would take apart. */
    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
