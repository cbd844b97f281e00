package org.headscope.app.patch;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.text.Messages;

/** What patching found, in words. */
final class EffectWords {
    private EffectWords() {}

    /** The table names the runs in its first column and gives their logit differences in its second. */
    static String runs(Table table) {
        return table.rows().stream()
                .map(row ->
                        row.get(0) + " " + (row.get(1) instanceof Double number ? Ticks.format(number) : row.get(1)))
                .collect(Collectors.joining(" · ", Messages.get("patch.difference") + " ", ""));
    }

    /** Where a cell is. */
    static String place(GridPanel panel, int[] index) {
        List<Axis> axes = panel.grid().axes();
        return IntStream.range(0, index.length)
                .mapToObj(i -> axes.get(i).name().replace('_', ' ') + " " + index[i]
                        + (axes.get(i).labels().isEmpty()
                                ? ""
                                : " “" + axes.get(i).label(index[i]) + "”"))
                .collect(Collectors.joining(", "));
    }
}
