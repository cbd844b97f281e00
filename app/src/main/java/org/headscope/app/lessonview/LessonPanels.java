package org.headscope.app.lessonview;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import javafx.collections.FXCollections;
import javafx.scene.Node;
import javafx.scene.layout.VBox;
import org.headscope.analysis.result.GridPanel;
import org.headscope.analysis.result.Panel;
import org.headscope.app.panel.PanelBoard;
import org.headscope.app.workbench.AnalysisRun;

/** The panels of an analysis that a step shows, filled as it runs. */
final class LessonPanels extends VBox {
    private final List<String> titles;
    private final BiConsumer<GridPanel, List<Integer>> chosen;

    /**
     * @param run whose panels
     * @param titles which ones, empty for all
     * @param chosen is told which cell of which grid was chosen
     */
    LessonPanels(AnalysisRun run, List<String> titles, BiConsumer<GridPanel, List<Integer>> chosen) {
        this.titles = titles;
        this.chosen = chosen;
        getStyleClass().add("panel-board");
        run.panels().subscribe(() -> show(run.panels()));
        show(run.panels());
    }

    /** Points at a cell of a grid. */
    void pointAt(String title, List<Integer> at) {
        getChildren().stream()
                .filter(GridCard.class::isInstance)
                .map(GridCard.class::cast)
                .filter(card -> card.title().equals(title))
                .forEach(card -> card.pointAt(at));
    }

    private void show(List<Panel> panels) {
        List<Node> cards = new ArrayList<>();
        for (Panel panel : panels) {
            if (titles.isEmpty() || titles.contains(panel.title())) {
                cards.add(
                        panel instanceof GridPanel grid
                                ? card(grid)
                                : new PanelBoard(FXCollections.observableArrayList(panel)));
            }
        }
        getChildren().setAll(cards);
    }

    private GridCard card(GridPanel grid) {
        for (Node node : getChildren()) {
            if (node instanceof GridCard card && card.title().equals(grid.title()) && card.fits(grid)) {
                card.show(grid);
                return card;
            }
        }
        return new GridCard(grid, chosen);
    }
}
