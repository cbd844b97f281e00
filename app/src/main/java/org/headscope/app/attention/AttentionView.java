package org.headscope.app.attention;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableValue;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.headscope.app.attention.AttentionViewModel.Page;
import org.headscope.app.attention.AttentionViewModel.Scope;
import org.headscope.app.control.grid.HeadGallery;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.control.grid.HeatMap;
import org.headscope.app.panel.PanelHead;
import org.headscope.app.panel.PanelMenu;
import org.headscope.app.panel.Take;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.PromptBar;
import org.headscope.app.workbench.Segments;

/** One head closely, with the grid to choose it from, or all heads small; above them the tokens, coloured by attention. */
public final class AttentionView implements WorkView {
    private final AttentionViewModel model;
    private final AttentionTakes takes;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public AttentionView(AttentionViewModel model, Node empty) {
        this.model = model;
        this.takes = new AttentionTakes(model);
        StackPane pages = new StackPane();
        VBox.setVgrow(pages, Priority.ALWAYS);
        Node one = one();
        Node all = all();
        model.pageProperty().subscribe(page -> pages.getChildren().setAll(page == Page.ONE ? one : all));
        VBox content = new VBox(
                new PromptBar(model.bench(), model.gaze().strip()),
                line("gaze", model.gaze().wordsProperty()),
                choices(),
                pages);
        content.getStyleClass().add("work");
        this.node = new BenchPane(model.bench(), empty, content);
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public void shown() {
        model.inSightProperty().set(true);
    }

    @Override
    public void hidden() {
        model.inSightProperty().set(false);
    }

    private Node choices() {
        Node scope = segments(
                "scope",
                new Segments<>(
                        List.of(Scope.HEAD, Scope.LAYER),
                        now -> now == Scope.HEAD
                                ? Messages.get("attention.scope.head")
                                : Messages.get("attention.scope.layer"),
                        model.scopeProperty()));
        Node direction = segments(
                "direction",
                new Segments<>(
                        List.of(TokenGaze.Direction.FROM, TokenGaze.Direction.TO),
                        now -> now == TokenGaze.Direction.FROM
                                ? Messages.get("attention.direction.from")
                                : Messages.get("attention.direction.to"),
                        model.gaze().directionProperty()));
        Node page = segments(
                "page",
                new Segments<>(
                        List.of(Page.ONE, Page.ALL),
                        now -> now == Page.ONE
                                ? Messages.get("attention.page.one")
                                : Messages.get("attention.page.all"),
                        model.pageProperty()));
        CheckBox hidden = new CheckBox(Messages.get("attention.hideFirst"));
        hidden.setId("hide-first");
        hidden.setTooltip(new Tooltip(Messages.get("attention.hideFirst.help")));
        hidden.selectedProperty().bindBidirectional(model.firstHiddenProperty());
        CheckBox masked = new CheckBox(Messages.get("attention.masked"));
        masked.setId("under-mask");
        masked.setTooltip(new Tooltip(Messages.get("attention.masked.help")));
        masked.selectedProperty().bindBidirectional(model.maskedProperty());
        FlowPane row = new FlowPane(page, scope, direction, hidden, masked);
        row.getStyleClass().add("choices");
        return row;
    }

    private static Node segments(String id, Segments<?> segments) {
        segments.setId(id);
        return segments;
    }

    private Node one() {
        HBox halves = new HBox(heads(), pattern());
        halves.getStyleClass().add("halves");
        return halves;
    }

    private Node heads() {
        HeadGrid grid = new HeadGrid(model.picker());
        grid.setId("attention-heads");
        grid.setMaxHeight(Region.USE_PREF_SIZE);
        VBox.setVgrow(grid, Priority.ALWAYS);
        VBox left = new VBox(heading(Messages.get("attention.heads")), grid);
        left.getStyleClass().add("half");
        left.setMinWidth(290);
        left.setMaxWidth(380);
        return left;
    }

    private Node pattern() {
        Label heading = heading("");
        heading.textProperty().bind(model.titleProperty());
        HeatMap map = new HeatMap(model.map());
        map.setId("pattern");
        map.setMaxHeight(Region.USE_PREF_SIZE);
        VBox.setVgrow(map, Priority.ALWAYS);
        VBox right = new VBox(
                new PanelHead(heading, menu("pattern-menu", Messages.get("attention.save.pattern"), takes::pattern)),
                muted("conditions", model.conditionsProperty()),
                map,
                line("read-out", model.readOutProperty()),
                line("first-position", model.firstProperty()),
                new ErrorLabel(model.errorProperty()));
        right.getStyleClass().add("half");
        HBox.setHgrow(right, Priority.ALWAYS);
        return right;
    }

    private PanelMenu menu(String id, String title, Supplier<Optional<Take>> take) {
        PanelMenu menu = new PanelMenu(title, model.bench().services(), take);
        menu.setId(id);
        menu.visibleProperty().bind(model.titleProperty().isNotEmpty());
        return menu;
    }

    private Node all() {
        Label range = muted(
                "gallery-range",
                Bindings.createStringBinding(this::range, model.gallery().rangeProperty()));
        ProgressBar progress = new ProgressBar();
        progress.progressProperty().bind(model.progressProperty());
        progress.visibleProperty().bind(Bindings.lessThan(model.progressProperty(), 1));
        HBox row = new HBox(
                range,
                muted("gallery-conditions", model.conditionsProperty()),
                progress,
                menu("gallery-menu", Messages.get("attention.page.all"), takes::gallery));
        row.getStyleClass().add("row");
        HeadGallery gallery = new HeadGallery(model.gallery());
        gallery.setId("gallery");
        VBox.setVgrow(gallery, Priority.ALWAYS);
        VBox page = new VBox(row, new ErrorLabel(model.galleryErrorProperty()), gallery);
        page.getStyleClass().add("half");
        return page;
    }

    private String range() {
        return AttentionWords.range(
                model.gallery().rangeProperty().get(),
                model.firstHiddenProperty().get());
    }

    private static Label heading(String text) {
        Label heading = new Label(text);
        heading.getStyleClass().add("heading");
        return heading;
    }

    private static Label muted(String id, ObservableValue<String> text) {
        Label line = line(id, text);
        line.getStyleClass().add("muted");
        return line;
    }

    private static Label line(String id, ObservableValue<String> text) {
        Label line = new Label();
        line.setId(id);
        line.setWrapText(true);
        line.setMinHeight(Region.USE_PREF_SIZE);
        line.textProperty().bind(text);
        return line;
    }
}
