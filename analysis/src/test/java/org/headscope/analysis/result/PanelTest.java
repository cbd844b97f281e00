package org.headscope.analysis.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PanelTest {
    private static final Quantity EFFECT = Quantity.signed("effect", "logits");

    private static Grid grid(Axis... axes) {
        return Grid.builder(axes).snapshot();
    }

    @Test
    void headGridTakesKeyValueHeadsAsColumns() {
        assertThat(new HeadGrid("k", EFFECT, grid(Axis.layers(2), Axis.kvHeads(2)))
                        .grid()
                        .shape())
                .containsExactly(2, 2);
    }

    @Test
    void headGridRefusesOtherAxes() {
        assertThatThrownBy(() -> new HeadGrid("z", EFFECT, grid(Axis.layers(2), Axis.of(Axis.POSITION, 4))))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("Panel 'z' needs axes [layer, head|kv_head], got [layer=2, position=4]");
    }

    @Test
    void headPositionGridNeedsPositionBeforeHead() {
        assertThatThrownBy(() -> new HeadPositionGrid(
                        "z", EFFECT, grid(Axis.layers(2), Axis.heads(2), Axis.of(Axis.POSITION, 4))))
                .isInstanceOf(InvalidPanelException.class);
    }

    @Test
    void queriesStandBehindTheirHead() {
        Grid grid = grid(Axis.layers(2), Axis.heads(2), Axis.of(Axis.QUERY, 4));
        assertThat(new HeadPositionGrid("pattern", EFFECT, grid).grid().rank()).isEqualTo(3);
    }

    @Test
    void attentionMapTakesLeadingAxes() {
        Grid all = grid(Axis.layers(2), Axis.heads(2), Axis.of(Axis.QUERY, 3), Axis.of(Axis.KEY, 3));
        assertThat(new AttentionMap("all heads", EFFECT, all).grid().rank()).isEqualTo(4);
    }

    @Test
    void attentionMapRefusesSwappedQueryAndKey() {
        assertThatThrownBy(() -> new AttentionMap("5.5", EFFECT, grid(Axis.of(Axis.KEY, 3), Axis.of(Axis.QUERY, 3))))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("[..., query, key]");
    }

    @Test
    void intervalMustCoverTheSameCells() {
        Grid wide = grid(Axis.layers(2), Axis.heads(3));
        Interval interval = new Interval(0.95, "bootstrap", wide, wide);
        assertThatThrownBy(() -> new HeadGrid("z", EFFECT, grid(Axis.layers(2), Axis.heads(2)), interval))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("[layer=2, head=3]");
    }

    @Test
    void layerPositionGridWantsALabelPerCellOrNone() {
        Grid cells = grid(Axis.layers(2), Axis.positions(List.of("a", "b")));
        assertThatThrownBy(() -> new LayerPositionGrid("lens", EFFECT, cells, null, List.of("x")))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("1 cell labels for 4 cells");
    }

    @Test
    void lineRefusesABandOfAnotherLength() {
        assertThatThrownBy(() -> new Curve.Line("a", List.of(1.0, 2.0), List.of(1.0, 2.0), List.of(0.0), List.of(2.0)))
                .isInstanceOf(InvalidPanelException.class);
    }

    @Test
    void tableWidensWholeNumbersToTheColumnType() {
        Table table = new Table(
                "heads",
                List.of(Table.Column.integer("layer"), Table.Column.number("score", "")),
                List.of(List.<Object>of(3, 1)));
        assertThat(table.rows()).containsExactly(List.<Object>of(3L, 1.0));
    }

    @Test
    void tableRefusesAnEntryOfTheWrongType() {
        assertThatThrownBy(() ->
                        new Table("heads", List.of(Table.Column.integer("layer")), List.of(List.<Object>of("three"))))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("Column 'layer' holds INTEGER, not 'three'");
    }

    @Test
    void tableRefusesARowThatIsTooShort() {
        assertThatThrownBy(() -> new Table("heads", List.of(Table.Column.text("a")), List.of(List.of())))
                .isInstanceOf(InvalidPanelException.class);
    }

    @Test
    void graphRefusesAnEdgeToAnUnknownNode() {
        List<EdgeGraph.Node> nodes = List.of(new EdgeGraph.Node("input", -1, Double.NaN, true));
        List<EdgeGraph.Edge> edges = List.of(new EdgeGraph.Edge("input", "a0.h1", "q", 1, true));
        assertThatThrownBy(() -> new EdgeGraph("circuit", EFFECT, nodes, edges))
                .isInstanceOf(InvalidPanelException.class)
                .hasMessageContaining("input -> a0.h1");
    }

    @Test
    void graphRefusesTwoNodesOfOneName() {
        EdgeGraph.Node node = new EdgeGraph.Node("m0", 0, 1, true);
        assertThatThrownBy(() -> new EdgeGraph("circuit", EFFECT, List.of(node, node), List.of()))
                .isInstanceOf(InvalidPanelException.class);
    }
}
