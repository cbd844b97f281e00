package org.headscope.app.patch;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.text.Messages;

/** What patching found, in words. */
final class EffectWords {
    private static final String HOOK = "hook_";

    private EffectWords() {}

    /**
     * A run of one site has a table that names the runs in its first column and gives their logit differences in its second;
     * a run of all sites has both in one row, and the sites that the model lacks.
     */
    static String runs(Table table) {
        List<Object> first = table.rows().get(0);
        String numbers = first.get(0) instanceof Double clean
                ? Messages.get(
                        "patch.runs.every", Ticks.format(clean), number(first.get(1)), String.valueOf(first.get(2)))
                : table.rows().stream()
                        .map(row -> row.get(0) + " " + number(row.get(1)))
                        .collect(Collectors.joining(" · "));
        return Messages.get("patch.difference") + " " + numbers;
    }

    private static String number(Object cell) {
        return cell instanceof Double number ? Ticks.format(number) : String.valueOf(cell);
    }

    /** Which activation was patched, as the sites are called: {@code resid_pre}. */
    static String kind(GridPanel panel) {
        int hook = panel.title().lastIndexOf(HOOK);
        return hook < 0 ? panel.title() : panel.title().substring(hook + HOOK.length());
    }

    /** Where a cell is. */
    static String place(GridPanel panel, int[] index) {
        List<Axis> axes = panel.grid().axes();
        return IntStream.range(0, index.length)
                .mapToObj(i -> axes.get(i).name().replace('_', ' ') + " " + index[i]
                        + (axes.get(i).labels().isEmpty()
                                ? ""
                                : " “" + VisibleText.of(axes.get(i).label(index[i])) + "”"))
                .collect(Collectors.joining(", "));
    }
}
