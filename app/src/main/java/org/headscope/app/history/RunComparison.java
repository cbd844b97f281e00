package org.headscope.app.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.headscope.analysis.result.GridDifference;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.store.RunSpec;
import org.headscope.analysis.store.StoredRun;
import org.jspecify.annotations.Nullable;

/**
 * Two runs side by side.
 *
 * @param settings what was asked for in each, that which differs first
 * @param pairs panels by title, in the order of the first run, then what only the second has
 * @param results both, the first run's first
 */
public record RunComparison(Table settings, List<Pair> pairs, List<Result> results) {
    /** Title of the table of settings. */
    public static final String SETTINGS = "What was asked";
    /** Marks a row of settings that differ. */
    public static final String DIFFERS = "≠";

    /** Copies the lists. */
    public RunComparison {
        pairs = List.copyOf(pairs);
        results = List.copyOf(results);
    }

    /**
     * Panels of one title.
     *
     * @param title the title
     * @param first that of the first run, null when it has none
     * @param second that of the second run, null when it has none
     * @param difference second minus first, null unless both are grids of one quantity over the same axes
     */
    public record Pair(String title, @Nullable Panel first, @Nullable Panel second, @Nullable GridPanel difference) {}

    /**
     * A run and what came out.
     *
     * @param run the run
     * @param result its result
     */
    public record Side(StoredRun run, Result result) {
        String name() {
            return "run " + run.id();
        }
    }

    /** Compares two runs. */
    public static RunComparison of(Side first, Side second) {
        Set<String> titles = new LinkedHashSet<>();
        first.result().panels().forEach(panel -> titles.add(panel.title()));
        second.result().panels().forEach(panel -> titles.add(panel.title()));
        return new RunComparison(
                settings(first, second),
                titles.stream().map(title -> pair(title, first, second)).toList(),
                List.of(first.result(), second.result()));
    }

    private static Pair pair(String title, Side first, Side second) {
        Panel left = panel(first.result(), title);
        Panel right = panel(second.result(), title);
        GridPanel difference = left instanceof GridPanel from && right instanceof GridPanel to
                ? GridDifference.of(title + ": " + second.name() + " − " + first.name(), to, from)
                        .orElse(null)
                : null;
        return new Pair(title, left, right, difference);
    }

    private static @Nullable Panel panel(Result result, String title) {
        return result.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElse(null);
    }

    private static Table settings(Side first, Side second) {
        Map<String, String> left = settings(first.run().spec());
        Map<String, String> right = settings(second.run().spec());
        Set<String> names = new LinkedHashSet<>(left.keySet());
        names.addAll(right.keySet());
        List<List<Object>> different = new ArrayList<>();
        List<List<Object>> same = new ArrayList<>();
        for (String name : names) {
            String one = left.getOrDefault(name, "");
            String other = right.getOrDefault(name, "");
            if (one.equals(other)) {
                same.add(List.of("", name, one, other));
            } else {
                different.add(List.of(DIFFERS, name, one, other));
            }
        }
        different.addAll(same);
        return new Table(
                SETTINGS,
                List.of(
                        Table.Column.text("differs"),
                        Table.Column.text("setting"),
                        Table.Column.text(first.name()),
                        Table.Column.text(second.name())),
                different);
    }

    private static Map<String, String> settings(RunSpec spec) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("analysis", spec.title());
        settings.put("model", spec.model().path());
        settings.put("fingerprint of the weights", spec.model().hash());
        settings.put("mask", mask(spec.mask()));
        settings.put("seed", Long.toString(spec.seed()));
        settings.put("version of Headscope", spec.codeVersion());
        ObjectNode parameters = spec.parameters();
        parameters.fields().forEachRemaining(field -> settings.put(field.getKey(), text(field.getValue())));
        return settings;
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : value.toString();
    }

    /** Parts in short: {@code 0.1 zero, 3.2 gate 0.5, mlp 2 zero}. */
    private static String mask(ObjectNode mask) {
        List<String> parts = new ArrayList<>();
        for (String kind : List.of("heads", "attentions", "mlps", "layers")) {
            for (JsonNode part : mask.path(kind)) {
                String layer = part.path("layer").asText();
                String name = kind.equals("heads")
                        ? layer + "." + part.path("head").asText()
                        : kind.substring(0, kind.length() - 1) + " " + layer;
                String gate = part.has("gate") ? " " + part.path("gate").asText() : "";
                parts.add(name + " " + part.path("mode").asText() + gate);
            }
        }
        return parts.isEmpty() ? "none" : String.join(", ", parts);
    }
}
