package org.headscope.app.attention;

import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.control.grid.HeatMap;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.PromptBar;

/** All heads on the left to choose from, the pattern of the chosen one on the right. */
public final class AttentionView implements WorkView {
    private final AttentionViewModel model;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public AttentionView(AttentionViewModel model, Node empty) {
        this.model = model;
        HBox halves = new HBox(heads(), pattern());
        halves.getStyleClass().add("halves");
        VBox.setVgrow(halves, Priority.ALWAYS);
        VBox content = new VBox(new PromptBar(model.bench()), halves);
        content.getStyleClass().add("work");
        this.node = new BenchPane(model.bench(), empty, content);
    }

    @Override
    public Node node() {
        return node;
    }

    private Node heads() {
        Label heading = new Label(Messages.get("attention.heads"));
        heading.getStyleClass().add("heading");
        HeadGrid grid = new HeadGrid(model.picker());
        grid.setId("attention-heads");
        grid.setMaxHeight(Region.USE_PREF_SIZE);
        VBox.setVgrow(grid, Priority.ALWAYS);
        VBox left = new VBox(heading, grid);
        left.getStyleClass().add("half");
        left.setMinWidth(180);
        left.setMaxWidth(420);
        return left;
    }

    private Node pattern() {
        Label heading = new Label();
        heading.getStyleClass().add("heading");
        heading.textProperty().bind(model.titleProperty());
        HeatMap map = new HeatMap(model.map());
        map.setId("pattern");
        map.setMaxHeight(Region.USE_PREF_SIZE);
        VBox.setVgrow(map, Priority.ALWAYS);
        Label readOut = new Label();
        readOut.setId("read-out");
        readOut.setWrapText(true);
        readOut.setMinHeight(Region.USE_PREF_SIZE);
        readOut.textProperty().bind(model.readOutProperty());
        VBox right = new VBox(heading, map, readOut, new ErrorLabel(model.errorProperty()));
        right.getStyleClass().add("half");
        HBox.setHgrow(right, Priority.ALWAYS);
        return right;
    }
}
