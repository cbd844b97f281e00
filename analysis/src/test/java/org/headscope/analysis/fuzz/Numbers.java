package org.headscope.analysis.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.io.PanelCsv;
import org.headscope.analysis.result.io.ResultJson;

/** What a result of any analysis must be: finite or missing, and able to leave the program. */
final class Numbers {
    private Numbers() {}

    static void check(Result result) {
        assertThat(result.panels()).extracting(Panel::title).doesNotHaveDuplicates();
        for (Panel panel : result.panels()) {
            assertThat(of(panel).filter(Double::isInfinite).toArray())
                    .as("infinite numbers of '%s'", panel.title())
                    .isEmpty();
            assertThat(PanelCsv.write(panel)).isNotBlank();
        }
        Result read = ResultJson.read(ResultJson.write(result));
        assertThat(read.panels()).isEqualTo(result.panels());
        assertThat(read.receipts()).isEqualTo(result.receipts());
    }

    /** All numbers; NaN stands for what is missing. */
    private static DoubleStream of(Panel panel) {
        if (panel instanceof GridPanel grid) {
            DoubleStream values = DoubleStream.of(grid.grid().toArray());
            Interval interval = grid.interval();
            return interval == null
                    ? values
                    : DoubleStream.concat(
                            values,
                            DoubleStream.concat(
                                    DoubleStream.of(interval.lower().toArray()),
                                    DoubleStream.of(interval.upper().toArray())));
        }
        if (panel instanceof Curve curve) {
            return curve.lines().stream()
                    .flatMap(line -> Stream.of(line.x(), line.y(), line.lower(), line.upper()))
                    .flatMapToDouble(list -> list.stream().mapToDouble(Double::doubleValue));
        }
        if (panel instanceof Table table) {
            return table.rows().stream()
                    .flatMap(row -> row.stream().filter(Number.class::isInstance))
                    .mapToDouble(number -> ((Number) number).doubleValue());
        }
        EdgeGraph graph = (EdgeGraph) panel;
        return DoubleStream.concat(
                graph.nodes().stream().mapToDouble(EdgeGraph.Node::score),
                graph.edges().stream().mapToDouble(EdgeGraph.Edge::score));
    }
}
