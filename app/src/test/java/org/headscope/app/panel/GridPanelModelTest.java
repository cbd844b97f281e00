package org.headscope.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.app.control.grid.GridCell;
import org.junit.jupiter.api.Test;

class GridPanelModelTest {
    /** The number of a cell says where it is: layer, position, head. */
    private final GridPanelModel model = new GridPanelModel(panel(0));

    @Test
    void gridByHeadAndPositionIsCutByHead() {
        assertThat(model.cuts()).extracting(GridPanelModel.Cut::name).containsExactly("head");
        assertThat((double) model.cells().values().get(1, 2)).isEqualTo(120);

        model.cuts().get(0).place().set(3);
        assertThat((double) model.cells().values().get(1, 2)).isEqualTo(123);
    }

    @Test
    void chosenCellIsNamedInTheWholeGrid() {
        model.cuts().get(0).place().set(3);
        model.choose(new GridCell(1, 2));

        assertThat(model.chosenProperty().get()).isEqualTo(List.of(1, 2, 3));
    }

    @Test
    void newNumbersKeepTheCut() {
        model.cuts().get(0).place().set(3);
        model.show(panel(1000));

        assertThat((double) model.cells().values().get(1, 2)).isEqualTo(1123);
        assertThat(model.cells().columnLabels()).containsExactly("a", "·b", "c");
    }

    private static HeadPositionGrid panel(int base) {
        List<Axis> axes = List.of(Axis.layers(2), Axis.positions(List.of("a", " b", "c")), Axis.heads(4));
        double[] values = new double[2 * 3 * 4];
        for (int i = 0; i < values.length; i++) {
            values[i] = base + i / 12 * 100 + i / 4 % 3 * 10 + i % 4;
        }
        return new HeadPositionGrid("effect", Quantity.signed("effect", ""), Grid.of(axes, values));
    }
}
