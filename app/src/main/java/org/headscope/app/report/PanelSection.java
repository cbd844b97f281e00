package org.headscope.app.report;

import java.util.ArrayList;
import java.util.List;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.export.PlainTable;
import org.headscope.app.picture.GridSlice;
import org.headscope.app.picture.Pictures;
import org.headscope.app.picture.Sight;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** A panel in a report: its picture, and its numbers to unfold. */
final class PanelSection {
    /** More numbers than this belong into a file of data; the page says so. */
    private static final int MOST_CELLS = 20_000;

    private PanelSection() {}

    static void write(Html page, Panel panel) {
        page.open("section").element("h2", panel.title());
        quantity(page, panel);
        if (!(panel instanceof Table)) {
            page.open("figure").raw(Pictures.svg(Sight.whole(panel))).close("figure");
            page.open("details").element("summary", Messages.get("report.numbers"));
        }
        numbers(page, panel);
        if (!(panel instanceof Table)) {
            page.close("details");
        }
        page.close("section");
    }

    private static void quantity(Html page, Panel panel) {
        if (panel instanceof GridPanel grid) {
            page.element("p class=\"muted\"", words(grid.quantity()) + sure(grid.interval()));
        } else if (panel instanceof Curve curve) {
            page.element("p class=\"muted\"", words(curve.y()) + " / " + words(curve.x()));
        } else if (panel instanceof EdgeGraph graph) {
            page.element("p class=\"muted\"", words(graph.quantity()));
        }
    }

    private static String words(Quantity quantity) {
        return quantity.unit().isEmpty() ? quantity.name() : quantity.name() + " (" + quantity.unit() + ")";
    }

    private static String sure(@Nullable Interval interval) {
        return interval == null
                ? ""
                : " · " + Messages.get("report.interval", Ticks.format(interval.level()), interval.method());
    }

    private static void numbers(Html page, Panel panel) {
        int room = MOST_CELLS;
        List<Sight> sights = sights(panel);
        for (Sight sight : sights) {
            PlainTable table = PlainTable.of(sight);
            int columns = Math.max(1, table.head().size());
            int rows = Math.min(table.rows().size(), room / columns);
            if (sights.size() > 1 && rows > 0) {
                page.element("h3", sight.slice().orElseThrow().place(((GridPanel) panel).grid()));
            }
            if (rows > 0) {
                page.table(table.head(), table.rows().subList(0, rows));
            }
            if (rows < table.rows().size()) {
                page.element("p class=\"muted\"", Messages.get("report.cut", Integer.toString(MOST_CELLS)));
                return;
            }
            room -= rows * columns;
        }
    }

    /** A grid of many axes is read cut by cut. */
    private static List<Sight> sights(Panel panel) {
        if (!(panel instanceof GridPanel grid) || grid.grid().size() == 0) {
            return List.of(Sight.whole(panel));
        }
        List<Sight> sights = new ArrayList<>();
        GridSlice.of(grid).parallel(grid.grid()).forEach(cut -> sights.add(Sight.cut(grid, cut)));
        return sights;
    }
}
