package org.headscope.app.patch;

import java.util.List;
import javafx.beans.value.ObservableValue;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.headscope.app.control.token.TokenStrip;
import org.headscope.app.control.token.TokenStripModel;
import org.headscope.app.form.FormField;
import org.headscope.app.form.ParameterForm;
import org.headscope.app.panel.GridPanelModel;
import org.headscope.app.panel.GridPanelView;
import org.headscope.app.panel.PanelActions;
import org.headscope.app.panel.PanelMenu;
import org.headscope.app.task.TaskPicker;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.ConditionsBar;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.RunBar;
import org.jspecify.annotations.Nullable;

/** Two prompts on the left with how they compare, the effect of every patch on the right as it is found. */
public final class PatchView implements WorkView {
    private static final PseudoClass UNALIGNED = PseudoClass.getPseudoClass("unaligned");
    private final PatchViewModel model;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public PatchView(PatchViewModel model, Node empty) {
        this.model = model;
        HBox halves = new HBox(setup(), outcome());
        halves.getStyleClass().add("halves");
        this.node = new BenchPane(model.bench(), empty, halves);
    }

    @Override
    public Node node() {
        return node;
    }

    private Node setup() {
        List<FormField> prompts = fields(true);
        VBox left = new VBox(
                new TaskPicker(model.tasks()),
                new ParameterForm(prompts),
                tokens("clean-tokens", model.cleanTokens()),
                tokens("corrupt-tokens", model.corruptTokens()),
                comparison(),
                new ParameterForm(fields(false)),
                new RunBar(model.run(), model::start),
                new ConditionsBar(model.bench()),
                new ErrorLabel(model.run().errorProperty()));
        left.getStyleClass().add("half");
        ScrollPane scroll = new ScrollPane(left);
        scroll.getStyleClass().add("setup");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setMinWidth(300);
        scroll.setPrefWidth(400);
        return scroll;
    }

    private List<FormField> fields(boolean prompts) {
        List<String> names = List.of("clean", "corrupt");
        return model.form().fields().stream()
                .filter(field -> names.contains(field.spec().name()) == prompts)
                .toList();
    }

    private static Node tokens(String id, TokenStripModel strip) {
        TokenStrip tokens = new TokenStrip(strip);
        tokens.setId(id);
        tokens.managedProperty().bind(tokens.visibleProperty());
        strip.tokensProperty().subscribe(now -> tokens.setVisible(!now.isEmpty()));
        return tokens;
    }

    private Node comparison() {
        Label text = new Label();
        text.setId("comparison");
        text.getStyleClass().add("comparison");
        text.setWrapText(true);
        text.setMinHeight(Label.USE_PREF_SIZE);
        text.textProperty().bind(model.pairTextProperty());
        text.managedProperty().bind(text.textProperty().isNotEmpty());
        model.alignedProperty().subscribe(aligned -> text.pseudoClassStateChanged(UNALIGNED, !aligned));
        return text;
    }

    private Node outcome() {
        StackPane grid = new StackPane();
        grid.setId("effect");
        grid.setAlignment(Pos.TOP_LEFT);
        grid.setMaxHeight(Region.USE_PREF_SIZE); // the numbers of a chosen cell stay close to it
        model.effectProperty().subscribe(effect -> grid.getChildren().setAll(shown(effect)));
        VBox.setVgrow(grid, Priority.ALWAYS);
        VBox right =
                new VBox(head(), line("runs", model.runsProperty()), grid, line("details", model.detailsProperty()));
        right.getStyleClass().add("half");
        HBox.setHgrow(right, Priority.ALWAYS);
        return right;
    }

    private Node head() {
        String title = Messages.get("patch.effect");
        PanelMenu menu = new PanelMenu(
                title,
                PanelActions.of(model.bench().services(), model.run()),
                () -> model.effectProperty().get().sight());
        menu.visibleProperty().bind(model.effectProperty().isNotNull());
        Label heading = heading(title);
        heading.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(heading, Priority.ALWAYS);
        HBox row = new HBox(heading, menu);
        row.getStyleClass().addAll("row", "panel-head");
        return row;
    }

    private static Node shown(@Nullable GridPanelModel effect) {
        if (effect != null) {
            return new GridPanelView(effect);
        }
        Label nothing = new Label(Messages.get("patch.nothingYet"));
        nothing.setWrapText(true);
        nothing.getStyleClass().add("muted");
        return nothing;
    }

    private static Label line(String id, ObservableValue<String> text) {
        Label line = new Label();
        line.setId(id);
        line.setWrapText(true);
        line.setMinHeight(Label.USE_PREF_SIZE);
        line.textProperty().bind(text);
        return line;
    }

    private static Label heading(String text) {
        Label heading = new Label(text);
        heading.getStyleClass().add("heading");
        return heading;
    }
}
