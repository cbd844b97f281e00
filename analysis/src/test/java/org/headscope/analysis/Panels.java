package org.headscope.analysis;

import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;

/** Finds what an analysis found. */
public final class Panels {
    private Panels() {}

    public static Panel named(Findings found, String title) {
        return found.panels().stream()
                .filter(panel -> panel.title().equals(title))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no panel '" + title + "'"));
    }

    public static double[] grid(Findings found, String title) {
        return ((GridPanel) named(found, title)).grid().toArray();
    }

    public static Table table(Findings found, String title) {
        return (Table) named(found, title);
    }

    /** The y of one line of a curve. */
    public static double[] line(Findings found, String title, int line) {
        return ((Curve) named(found, title))
                .lines().get(line).y().stream().mapToDouble(Double::doubleValue).toArray();
    }
}
