package org.headscope.app.patch;

import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.headscope.app.panel.GridPanelModel;
import org.headscope.app.panel.GridPanelView;
import org.headscope.app.panel.PanelHead;
import org.headscope.app.panel.PanelMenu;
import org.headscope.app.panel.Take;
import org.headscope.app.text.Messages;
import org.kordamp.ikonli.javafx.FontIcon;

/** What patching did: one grid, or all kinds small, and the closer looks that lead on from a cell, with the way back. */
final class OutcomePane extends VBox {
    private final PatchViewModel model;
    private final StackPane stage = new StackPane();
    private final Node root;
    private final Label details = new Label();

    OutcomePane(PatchViewModel model) {
        this.model = model;
        getStyleClass().add("half");
        root = root();
        stage.setAlignment(Pos.TOP_LEFT);
        VBox.setVgrow(stage, Priority.ALWAYS);
        stage.setMaxHeight(Region.USE_PREF_SIZE); // the numbers of a chosen cell stay close to it
        details.setId("details");
        details.setWrapText(true);
        details.setMinHeight(USE_PREF_SIZE);
        getChildren().addAll(crumbs(), PatchView.line("runs", model.runsProperty()), stage, details, next());
        model.drill().shownProperty().subscribe(shown -> show(shown.intValue()));
    }

    private void show(int index) {
        details.textProperty().unbind();
        if (index == Drill.ROOT) {
            stage.getChildren().setAll(root);
            details.textProperty().bind(model.effects().detailsProperty());
        } else {
            DrillStep step = model.drill().steps().get(index);
            DrillStepView view = new DrillStepView(step, model.drill());
            stage.getChildren().setAll(view);
            details.textProperty().bind(step.detailsProperty());
            view.focusNumbers();
        }
    }

    private Node root() {
        StackPane effect = new StackPane();
        effect.setId("effect");
        effect.setAlignment(Pos.TOP_LEFT);
        model.effects().grids().subscribe(() -> fill(effect));
        fill(effect);
        return effect;
    }

    private void fill(StackPane effect) {
        var grids = model.effects().grids();
        if (grids.isEmpty()) {
            Label nothing = new Label(Messages.get("patch.nothingYet"));
            nothing.setWrapText(true);
            nothing.getStyleClass().add("muted");
            effect.getChildren().setAll(nothing);
        } else if (grids.size() == 1) {
            effect.getChildren().setAll(card(grids.get(0)));
        } else {
            effect.getChildren().setAll(board());
        }
    }

    /** All kinds at once, each small. */
    private Node board() {
        FlowPane board = new FlowPane();
        board.getStyleClass().add("effect-board");
        for (GridPanelModel grid : model.effects().grids()) {
            Node card = card(grid);
            card.getStyleClass().add("effect-card");
            board.getChildren().add(card);
        }
        ScrollPane scroll = new ScrollPane(board);
        scroll.getStyleClass().add("setup");
        scroll.setFitToWidth(true);
        return scroll;
    }

    private Node card(GridPanelModel grid) {
        String title = EffectWords.kind(grid.panel());
        Label heading = new Label(title);
        heading.getStyleClass().add("heading");
        PanelMenu menu = new PanelMenu(
                title,
                model.bench().services(),
                () -> Optional.of(Take.of(grid.sight(), model.run().origins())));
        PanelHead head = new PanelHead(heading, menu);
        GridPanelView view = new GridPanelView(grid);
        opens(view.grid(), model.drill());
        return new VBox(head, view);
    }

    /** A double click and Enter, having chosen, go where the button goes. */
    static void opens(Node numbers, Drill drill) {
        numbers.addEventHandler(MouseEvent.MOUSE_CLICKED, event -> {
            if (event.getClickCount() == 2) {
                drill.open();
            }
        });
        numbers.addEventHandler(KeyEvent.KEY_PRESSED, event -> {
            if (event.getCode() == KeyCode.ENTER) {
                drill.open();
            }
        });
    }

    private Node next() {
        Button next = new Button("", new FontIcon("mdi2m-magnify-plus-outline"));
        next.setId("drill");
        next.setOnAction(event -> model.drill().open());
        model.drill().nextProperty().subscribe(step -> {
            next.setVisible(step != null);
            next.setText(step == null ? "" : step.title());
        });
        return next;
    }

    private Node crumbs() {
        FlowPane crumbs = new FlowPane();
        crumbs.getStyleClass().add("crumbs");
        model.drill().steps().subscribe(() -> fill(crumbs));
        model.drill().shownProperty().subscribe(() -> fill(crumbs));
        fill(crumbs);
        return crumbs;
    }

    private void fill(FlowPane crumbs) {
        crumbs.getChildren().setAll(crumb(Messages.get("patch.effect"), Drill.ROOT));
        for (int i = 0; i < model.drill().steps().size(); i++) {
            Label arrow = new Label("›");
            arrow.getStyleClass().add("muted");
            crumbs.getChildren()
                    .addAll(arrow, crumb(model.drill().steps().get(i).title(), i));
        }
    }

    private Node crumb(String words, int index) {
        if (model.drill().shownProperty().get() == index) {
            Label here = new Label(words);
            here.getStyleClass().add("heading");
            return here;
        }
        Hyperlink there = new Hyperlink(words);
        there.setId("crumb-" + (index + 1));
        there.setOnAction(event -> model.drill().show(index));
        return there;
    }
}
