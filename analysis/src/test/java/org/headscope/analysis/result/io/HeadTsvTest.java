package org.headscope.analysis.result.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Quantity;
import org.junit.jupiter.api.Test;

class HeadTsvTest {
    @Test
    void aLinePerLayerAndNothingElse() {
        Grid grid = Grid.of(List.of(Axis.layers(2), Axis.kvHeads(3)), new double[] {1, 0.25, 0, 1e-7, Double.NaN, 0.5});
        HeadGrid panel = new HeadGrid("Full attention heads", Quantity.unsigned("gate", ""), grid);

        assertThat(HeadTsv.write(panel)).isEqualTo("1.0\t0.25\t0.0\n1.0E-7\tNaN\t0.5\n");
    }
}
