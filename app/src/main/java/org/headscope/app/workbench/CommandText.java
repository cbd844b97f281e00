package org.headscope.app.workbench;

import java.util.Map;
import java.util.regex.Pattern;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.ParameterBinder;
import org.headscope.analysis.store.RunSpec;
import org.headscope.app.model.ModelCatalog;

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
        Map<String, String> texts = texts(services.analyses().get(spec.analysis()), spec);
        String line = of(spec.analysis(), model(services.catalog(), spec.model().path()), texts);
        return line + " --seed " + spec.seed() + (spec.mask().isEmpty() ? "" : " --mask mask.json");
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

    private static <P extends Record> Map<String, String> texts(Analysis<P, ?> analysis, RunSpec spec) {
        ParameterBinder<P> binder = ParameterBinder.of(analysis.parameters());
        return binder.toText(binder.bind(spec.parameters()));
    }

    /** Quotes what a shell would take apart. */
    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
