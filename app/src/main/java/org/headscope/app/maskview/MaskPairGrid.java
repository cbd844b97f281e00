package org.headscope.app.maskview;

import java.util.Locale;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.VBox;
import org.headscope.analysis.mask.MaskShape;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.app.maskview.MaskPair.Where;
import org.headscope.app.text.Messages;

/** Layers by heads: where each head is masked, by sign and colour, with a legend that counts. */
final class MaskPairGrid extends VBox {

    MaskPairGrid(MaskPair pair) {
        getStyleClass().addAll("half", "pair");
        getChildren().addAll(legend(pair), cells(pair));
        Label remarks = new Label(String.join("\n", pair.remarks()));
        remarks.setId("pair-remarks");
        remarks.setWrapText(true);
        remarks.setMinHeight(USE_PREF_SIZE);
        if (!pair.remarks().isEmpty()) {
            getChildren().add(remarks);
        }
    }

    private static GridPane cells(MaskPair pair) {
        MaskShape shape = pair.first().shape();
        GridPane grid = new GridPane();
        grid.getStyleClass().add("pair-grid");
        for (int head = 0; head < shape.heads(); head++) {
            grid.add(index(head), head + 1, 0);
        }
        for (int layer = 0; layer < shape.layers(); layer++) {
            grid.add(index(layer), 0, layer + 1);
            for (int head = 0; head < shape.heads(); head++) {
                MaskUnit unit = MaskUnit.head(layer, head);
                Label cell = cell(pair.where(unit));
                cell.setId("pair-" + layer + "-" + head);
                cell.setTooltip(new Tooltip(unit.label() + ": " + words(pair.where(unit))));
                cell.setAccessibleText(unit.label() + ": " + words(pair.where(unit)));
                grid.add(cell, head + 1, layer + 1);
            }
        }
        return grid;
    }

    private static Label index(int number) {
        Label label = new Label(Integer.toString(number));
        label.getStyleClass().addAll("muted", "pair-index");
        return label;
    }

    private static Label cell(Where where) {
        Label cell = new Label(where.sign());
        cell.getStyleClass().addAll("pair-cell", where.name().toLowerCase(Locale.ROOT));
        cell.setAccessibleRole(AccessibleRole.TEXT);
        return cell;
    }

    private static FlowPane legend(MaskPair pair) {
        FlowPane legend = new FlowPane();
        legend.getStyleClass().add("tool-flow");
        pair.heads().forEach((where, count) -> {
            Label entry =
                    new Label(Messages.get("mask.compare.entry", words(where), Integer.toString(count)), cell(where));
            entry.setId("pair-count-" + where);
            legend.getChildren().add(entry);
        });
        return legend;
    }

    private static String words(Where where) {
        return switch (where) {
            case NEITHER -> Messages.get("mask.compare.neither");
            case FIRST -> Messages.get("mask.compare.first");
            case SECOND -> Messages.get("mask.compare.second");
            case SAME -> Messages.get("mask.compare.same");
            case DIFFERENT -> Messages.get("mask.compare.different");
        };
    }
}
