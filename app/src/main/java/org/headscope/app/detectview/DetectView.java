package org.headscope.app.detectview;

import java.util.Optional;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.control.scatter.Scatter;
import org.headscope.app.panel.PanelMenu;
import org.headscope.app.panel.Take;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ConditionsBar;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.RunBar;

/** Detectors on the left; on the right what they found: a table, a grid and a scatter of the same heads. */
public final class DetectView implements WorkView {
    /** It gets what is left; without a number, table and pictures would be measured for nothing at every layout. */
    private static final double USUAL_HEIGHT = 600;

    private final DetectViewModel model;
    private final DetectTakes takes;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public DetectView(DetectViewModel model, Node empty) {
        this.model = model;
        this.takes = new DetectTakes(model);
        SplitPane results = new SplitPane(table(), pictures());
        results.setOrientation(Orientation.VERTICAL);
        results.setDividerPositions(0.5);
        results.setPrefHeight(USUAL_HEIGHT);
        results.getStyleClass().add("detect-results");
        VBox right = new VBox(outdated(), results);
        right.getStyleClass().add("half");
        VBox.setVgrow(results, Priority.ALWAYS);
        HBox.setHgrow(right, Priority.ALWAYS);
        HBox halves = new HBox(setup(), right);
        halves.getStyleClass().add("halves");
        this.node = new BenchPane(model.bench(), empty, halves);
    }

    @Override
    public Node node() {
        return node;
    }

    private Node setup() {
        ScrollPane list = new ScrollPane(new DetectorList(model.detectors()));
        list.getStyleClass().add("setup");
        list.setFitToWidth(true);
        list.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        VBox.setVgrow(list, Priority.ALWAYS);
        VBox left = new VBox(
                new RunBar(model.run(), model::start),
                new ConditionsBar(model.bench()),
                new ErrorLabel(model.errorProperty()),
                list);
        left.getStyleClass().add("half");
        left.setMinWidth(270);
        left.setPrefWidth(300);
        left.setMaxWidth(300);
        return left;
    }

    private Node outdated() {
        Label note = new Label();
        note.setId("outdated");
        note.getStyleClass().add("warning-label");
        note.setWrapText(true);
        note.setMinHeight(Region.USE_PREF_SIZE);
        note.setMaxWidth(Double.MAX_VALUE);
        note.textProperty().bind(model.outdatedProperty());
        note.visibleProperty().bind(note.textProperty().isNotEmpty());
        note.managedProperty().bind(note.visibleProperty());
        return note;
    }

    private Node table() {
        TextField filter = new TextField();
        filter.setId("filter");
        filter.setPromptText(Messages.get("detect.filter.hint"));
        filter.textProperty().bindBidirectional(model.filterProperty());
        filter.setPrefColumnCount(12);
        CheckBox only = new CheckBox(Messages.get("detect.onlyMeeting"));
        only.setId("only-meeting");
        only.setMinWidth(Region.USE_PREF_SIZE);
        only.selectedProperty().bindBidirectional(model.onlyMeetingProperty());
        only.disableProperty().bind(model.thresholds().summaryProperty().isEmpty());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HeadTable heads = new HeadTable(model);
        PanelMenu menu = menu(Messages.get("detect.save.table"), () -> takes.table(heads.getItems()))
                .named("table-menu");
        HBox tools = new HBox(Choices.label(Messages.get("detect.filter"), filter), filter, only, gap, mask(), menu);
        tools.getStyleClass().add("row");
        VBox.setVgrow(heads, Priority.ALWAYS);
        VBox top = new VBox(tools, heads, new ThresholdRows(model));
        top.getStyleClass().add("half");
        top.setMinHeight(180);
        return top;
    }

    private PanelMenu menu(String title, Supplier<Optional<Take>> take) {
        return new PanelMenu(title, model.bench().services(), take);
    }

    private Node mask() {
        Button mask = new Button();
        mask.setId("mask-selected");
        mask.setMinWidth(Region.USE_PREF_SIZE);
        mask.setTooltip(new Tooltip(Messages.get("detect.mask.help")));
        mask.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> Messages.get(
                                "detect.mask",
                                Integer.toString(
                                        model.pick().headsProperty().get().size())),
                        model.pick().headsProperty()));
        mask.setOnAction(event -> model.mask(model.pick().headsProperty().get()));
        model.pick().headsProperty().subscribe(heads -> mask.setDisable(heads.isEmpty()));
        return mask;
    }

    private Node pictures() {
        HBox both = new HBox(grid(), scatter());
        both.getStyleClass().addAll("halves", "pictures");
        both.setMinHeight(200);
        return both;
    }

    private Node grid() {
        HeadGrid grid = new HeadGrid(model.grid().grid());
        grid.setId("heads");
        grid.setMaxHeight(Region.USE_PREF_SIZE);
        grid.addEventHandler(MouseEvent.MOUSE_CLICKED, event -> {
            if (event.getClickCount() == 2) {
                model.open();
            }
        });
        grid.addEventHandler(KeyEvent.KEY_PRESSED, event -> {
            if (event.getCode() == KeyCode.ENTER) {
                model.open();
            }
        });
        VBox.setVgrow(grid, Priority.ALWAYS);
        ComboBox<String> score =
                ScoreChoice.of("colour", model.board(), model.grid().scoreProperty(), "");
        HBox row = new HBox(
                Choices.label(Messages.get("detect.colour"), score),
                score,
                menu(Messages.get("detect.save.grid"), takes::grid).named("grid-menu"));
        row.getStyleClass().add("row");
        VBox left = new VBox(row, grid);
        left.getStyleClass().add("half");
        left.setMinWidth(240);
        left.setPrefWidth(380);
        HBox.setHgrow(left, Priority.ALWAYS);
        return left;
    }

    private Node scatter() {
        Scatter scatter = new Scatter(model.plot().scatter());
        scatter.setId("scatter");
        VBox.setVgrow(scatter, Priority.ALWAYS);
        ComboBox<String> x =
                ScoreChoice.of("scatter-x", model.board(), model.plot().xProperty(), "");
        ComboBox<String> y =
                ScoreChoice.of("scatter-y", model.board(), model.plot().yProperty(), "");
        x.setPrefWidth(120);
        y.setPrefWidth(120);
        HBox.setHgrow(x, Priority.ALWAYS);
        HBox.setHgrow(y, Priority.ALWAYS);
        x.setMaxWidth(Double.MAX_VALUE);
        y.setMaxWidth(Double.MAX_VALUE);
        HBox row = new HBox(
                Choices.label(Messages.get("detect.scatter.y"), y),
                y,
                Choices.label(Messages.get("detect.scatter.x"), x),
                x,
                menu(Messages.get("detect.save.scatter"), takes::plot).named("scatter-menu"));
        row.getStyleClass().add("row");
        Label agreement = new Label();
        agreement.setId("agreement");
        agreement.setWrapText(true);
        agreement.setMinHeight(Region.USE_PREF_SIZE);
        agreement.getStyleClass().addAll("muted", "small");
        agreement.textProperty().bind(model.plot().agreementProperty());
        VBox right = new VBox(row, scatter, agreement);
        right.getStyleClass().add("half");
        right.setMinWidth(240);
        right.setPrefWidth(380);
        HBox.setHgrow(right, Priority.ALWAYS);
        return right;
    }
}
