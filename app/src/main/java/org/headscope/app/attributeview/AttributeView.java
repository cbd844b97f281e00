package org.headscope.app.attributeview;

import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;
import javafx.event.Event;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.app.analyses.ExactnessText;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.control.token.TokenStrip;
import org.headscope.app.control.token.VisibleText;
import org.headscope.app.control.waterfall.Waterfall;
import org.headscope.app.control.waterfall.WaterfallModel;
import org.headscope.app.panel.PanelHead;
import org.headscope.app.panel.PanelMenu;
import org.headscope.app.panel.Take;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.PromptBar;
import org.headscope.app.workbench.RunBar;
import org.jspecify.annotations.Nullable;

/** A prediction on top; below it what it is made of on the left, heads, their sources and the layers on the right. */
public final class AttributeView implements WorkView {
    private static final double LENS_ROW = 27;
    private static final int MOST_LENS_ROWS = 6;

    private final AttributeViewModel model;
    private final AttributionTakes takes;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public AttributeView(AttributeViewModel model, Node empty) {
        this.model = model;
        this.takes = new AttributionTakes(model);
        HBox halves = new HBox(parts(), details());
        halves.getStyleClass().add("halves");
        VBox.setVgrow(halves, Priority.ALWAYS);
        VBox content = new VBox(
                new PromptBar(model.bench()), question(), new ErrorLabel(model.errorProperty()), outdated(), halves);
        content.getStyleClass().add("work");
        this.node = new BenchPane(model.bench(), empty, content);
    }

    @Override
    public Node node() {
        return node;
    }

    private Node question() {
        TextField answer = token("answer", model.answerProperty(), Messages.get("attribute.answer.help"));
        TextField foil = token("foil", model.foilProperty(), Messages.get("attribute.foil.help"));
        model.foundProperty().subscribe(found -> {
            answer.setPromptText(usual(found == null ? null : found.answer(), Messages.get("attribute.answer.usual")));
            foil.setPromptText(usual(found == null ? null : found.foil(), Messages.get("attribute.foil.usual")));
        });
        HBox row = new HBox(
                Choices.label(Messages.get("attribute.answer"), answer),
                answer,
                Choices.label(Messages.get("attribute.foil"), foil),
                foil,
                new RunBar(model.run(), model::start));
        row.getStyleClass().add("row");
        return row;
    }

    private static TextField token(String id, StringProperty text, String help) {
        TextField field = new TextField();
        field.setId(id);
        field.setPrefColumnCount(9);
        field.setTooltip(new Tooltip(help));
        field.textProperty().bindBidirectional(text);
        return field;
    }

    private static String usual(@Nullable Named token, String otherwise) {
        return token == null ? otherwise : VisibleText.of(token.text());
    }

    private Node outdated() {
        Label note = text("outdated", model.outdatedProperty(), "warning-label");
        note.setMaxWidth(Double.MAX_VALUE);
        note.visibleProperty().bind(note.textProperty().isNotEmpty());
        note.managedProperty().bind(note.visibleProperty());
        return note;
    }

    private Node parts() {
        Waterfall chart = new Waterfall(model.waterfall());
        chart.setId("waterfall");
        ScrollPane scroll = scroll(chart);
        VBox.setVgrow(scroll, Priority.ALWAYS);
        chart.model().cursorProperty().subscribe(row -> reveal(scroll, chart, row.intValue()));
        LensTable lens = new LensTable(model.lens());
        model.lens().subscribe(() -> {
            double rows = Math.min(MOST_LENS_ROWS, Math.max(2, model.lens().size()));
            lens.setMinHeight((rows + 1.6) * LENS_ROW);
            lens.setPrefHeight((rows + 1.6) * LENS_ROW);
        });
        scroll.setMinHeight(140);
        VBox left = new VBox(
                head(text("asked", model.askedProperty(), "heading"), "asked-menu", takes::waterfall),
                scroll,
                text("check", model.checkProperty(), "check"),
                head(heading(Messages.get("attribute.lens")), "lens-menu", takes::lens),
                lens);
        left.getStyleClass().add("half");
        left.setMinWidth(300);
        left.setPrefWidth(560);
        HBox.setHgrow(left, Priority.ALWAYS);
        return left;
    }

    /** Scrolls just as far as the row needs. */
    private static void reveal(ScrollPane scroll, Waterfall chart, int row) {
        double room = scroll.getViewportBounds().getHeight();
        double hidden = chart.getHeight() - room;
        if (row == WaterfallModel.NONE || hidden <= 0) {
            return;
        }
        Bounds bounds = chart.boundsOf(row);
        double seenFrom = scroll.getVvalue() * hidden;
        double wanted = bounds.getMinY() < seenFrom ? bounds.getMinY() : Math.max(seenFrom, bounds.getMaxY() - room);
        scroll.setVvalue(Math.max(0, Math.min(1, wanted / hidden)));
    }

    private Node details() {
        HeadGrid grid = new HeadGrid(model.heads());
        grid.setId("heads");
        grid.setMaxHeight(Region.USE_PREF_SIZE);
        TokenStrip strip = new TokenStrip(model.sources().tokens());
        strip.setId("sources");
        Label note = new Label(ExactnessText.of(model.info()));
        note.setWrapText(true);
        note.getStyleClass().addAll("muted", "small");
        note.setMinHeight(Region.USE_PREF_SIZE);
        VBox right = new VBox(
                head(heading(Messages.get("attribute.heads")), "heads-menu", takes::heads),
                grid,
                head(text("split", model.sources().titleProperty(), "heading"), "split-menu", takes::sources),
                strip,
                text("split-sum", model.sources().sumProperty(), "muted"),
                note);
        right.getStyleClass().add("half");
        ScrollPane scroll = scroll(right);
        scroll.setMinWidth(320);
        scroll.setPrefWidth(490);
        HBox.setHgrow(scroll, Priority.ALWAYS);
        return scroll;
    }

    private static ScrollPane scroll(Node content) {
        // A press that reaches the scroll pane takes the keys away from what was pressed.
        content.addEventHandler(MouseEvent.MOUSE_PRESSED, Event::consume);
        ScrollPane scroll = new ScrollPane(content);
        scroll.getStyleClass().add("setup");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        return scroll;
    }

    private Node head(Label heading, String id, Supplier<Optional<Take>> take) {
        PanelMenu menu = new PanelMenu(heading.getText(), model.bench().services(), take);
        menu.setId(id);
        heading.textProperty().subscribe(words -> menu.setAccessibleText(Messages.get("panel.menu", words)));
        model.foundProperty().subscribe(found -> menu.setVisible(found != null));
        return new PanelHead(heading, menu);
    }

    private static Label heading(String words) {
        Label heading = new Label(words);
        heading.getStyleClass().add("heading");
        return heading;
    }

    private static Label text(String id, ObservableValue<String> words, String style) {
        Label label = new Label();
        label.setId(id);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        label.getStyleClass().add(style);
        label.textProperty().bind(words);
        return label;
    }
}
