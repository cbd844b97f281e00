package org.headscope.app.panel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.result.Table;
import org.headscope.app.testing.GuiTest;
import org.headscope.app.testing.Stages;
import org.headscope.app.workbench.TestBench;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.Start;

@GuiTest
class PanelBoardGuiTest {
    private final ObservableList<Panel> panels = FXCollections.observableArrayList();
    private PanelBoard board;

    @Start
    void start(Stage stage) {
        board = new PanelBoard(panels);
        Stages.show(stage, new StackPane(board), 600, 500);
    }

    private static List<Panel> tables(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i ->
                        (Panel) new Table("Table " + i, List.of(Table.Column.integer("n")), List.of(List.of((long) i))))
                .toList();
    }

    private List<String> titles() {
        return board.getChildren().stream()
                .map(card -> ((PanelCard) card).title())
                .toList();
    }

    private void waitFor(List<Panel> wanted) {
        List<String> titles = wanted.stream().map(Panel::title).toList();
        TestBench.waitFor(() -> titles().equals(titles));
    }

    @Test
    void manyPanelsComeOneAfterTheOtherInTheirOrder(FxRobot robot) {
        robot.interact(() -> {
            panels.setAll(tables(0, 6));
            assertThat(titles()).containsExactly("Table 0");
        });
        waitFor(tables(0, 6));
    }

    @Test
    void othersMeanwhileTakeTheirPlaceAndThoseThatStayAreTheSame(FxRobot robot) {
        robot.interact(() -> panels.setAll(tables(0, 3)));
        waitFor(tables(0, 3));
        Node kept = board.getChildren().get(2);
        robot.interact(() -> {
            panels.setAll(tables(0, 9));
            panels.setAll(tables(2, 6));
            assertThat(titles()).containsExactly("Table 2", "Table 3", "Table 4");
        });
        waitFor(tables(2, 6));
        assertThat(board.getChildren().get(0)).isSameAs(kept);
    }
}
