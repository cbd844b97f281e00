package org.headscope.analysis.result.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Curve;
import org.headscope.analysis.result.EdgeGraph;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadGrid;
import org.headscope.analysis.result.Interval;
import org.headscope.analysis.result.LayerPositionGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Table;
import org.junit.jupiter.api.Test;

class PanelCsvTest {
    private static final Quantity SCORE = Quantity.unsigned("score", "share");

    @Test
    void aHeadGridIsOneRowPerHead() {
        Grid grid = Grid.of(Axis.layers(2), Axis.heads(1), new double[][] {{0.5}, {Double.NaN}});
        assertThat(PanelCsv.write(new HeadGrid("z", SCORE, grid)))
                .isEqualTo("layer,head,value\r\n0,0,0.5\r\n1,0,NaN\r\n");
    }

    @Test
    void anIntervalAddsTwoColumns() {
        Grid grid = Grid.of(Axis.layers(1), Axis.heads(1), new double[][] {{0.5}});
        Grid upper = Grid.of(Axis.layers(1), Axis.heads(1), new double[][] {{Double.POSITIVE_INFINITY}});
        assertThat(PanelCsv.write(new HeadGrid("z", SCORE, grid, new Interval(0.9, "boot", grid, upper))))
                .isEqualTo("layer,head,value,lower,upper\r\n0,0,0.5,0.5,Infinity\r\n");
    }

    @Test
    void tokensAreAColumnWithTheirBlanksKeptByQuotes() {
        Grid grid = Grid.of(Axis.layers(1), Axis.positions(List.of(" Mary", "a\"b,c")), new double[][] {{1, 2}});
        assertThat(PanelCsv.write(new LayerPositionGrid("resid_pre", SCORE, grid)))
                .isEqualTo("layer,position,position_label,value\r\n0,0,\" Mary\",1.0\r\n0,1,\"a\"\"b,c\",2.0\r\n");
    }

    @Test
    void aTableKeepsItsHeadings() {
        Table table = new Table(
                "t", List.of(Table.Column.text("head"), Table.Column.integer("n")), List.of(List.<Object>of("5.5", 2)));
        assertThat(PanelCsv.write(table)).isEqualTo("head,n\r\n5.5,2\r\n");
    }

    @Test
    void aCurveIsOneRowPerPoint() {
        Curve curve = new Curve("c", SCORE, SCORE, List.of(new Curve.Line("a", List.of(1.0), List.of(2.0))));
        assertThat(PanelCsv.write(curve)).isEqualTo("line,x,y,lower,upper\r\na,1.0,2.0,NaN,NaN\r\n");
    }

    @Test
    void aGraphIsOneRowPerEdge() {
        EdgeGraph graph = new EdgeGraph(
                "g",
                SCORE,
                List.of(new EdgeGraph.Node("m0", 0, 1, true), new EdgeGraph.Node("a1.h0", 1, 1, true)),
                List.of(new EdgeGraph.Edge("m0", "a1.h0", "v", 0.25, false)));
        assertThat(PanelCsv.write(graph)).isEqualTo("from,to,input,score,in_graph\r\nm0,a1.h0,v,0.25,false\r\n");
    }
}
