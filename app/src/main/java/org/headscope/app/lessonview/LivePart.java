package org.headscope.app.lessonview;

import java.util.List;
import java.util.Set;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.analysis.result.GridPanel;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.control.grid.HeatMap;
import org.headscope.app.control.token.TokenStrip;
import org.headscope.app.explore.PredictionTable;
import org.headscope.app.lesson.Step;
import org.headscope.app.lesson.Step.Show;
import org.headscope.app.lessonview.LessonsViewModel.Tools;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.ErrorLabel;
import org.jspecify.annotations.Nullable;

/** The model at work, beside the words of a step: the same parts as in the views of the window, made once. */
final class LivePart extends VBox {
    private final Node tokens;
    private final Node heads;
    private final Node predictions;
    private final Node attention;
    private final Node picker;
    private final ReadOnlyObjectWrapper<@Nullable Chosen> chosen = new ReadOnlyObjectWrapper<>(this, "chosen");
    private @Nullable LessonPanels panels;

    /**
     * A cell that was chosen.
     *
     * @param panel its grid
     * @param at an index per axis
     */
    record Chosen(GridPanel panel, List<Integer> at) {}

    LivePart(Tools tools) {
        getStyleClass().add("lesson-live");
        tokens = new TokenStrip(tools.bench().tokens());
        heads = heads(tools);
        predictions = predictions(tools);
        HeadGrid picking = new HeadGrid(tools.attention().picker());
        picking.setId("lesson-picker");
        picking.setMaxHeight(USE_PREF_SIZE);
        picker = headed(Messages.get("lessons.live.picker"), picking);
        attention = attention(tools);
    }

    /** The cell chosen last in a grid of the step. */
    ReadOnlyObjectProperty<@Nullable Chosen> chosenProperty() {
        return chosen.getReadOnlyProperty();
    }

    /** Shows the parts of a step. */
    void show(LessonSession session) {
        Step step = session.step();
        Set<Show> shown = step.show();
        chosen.set(null);
        panels = null;
        getChildren().clear();
        boolean named = shown.contains(Show.ATTENTION); // the map has the tokens at its sides
        add(
                !named && (shown.contains(Show.HEADS) || shown.contains(Show.PREDICTIONS)) && step.prompt() != null,
                tokens);
        add(shown.contains(Show.HEADS), heads);
        add(shown.contains(Show.PREDICTIONS), predictions);
        add(shown.contains(Show.ATTENTION), attention);
        add(shown.contains(Show.ATTENTION) && !shown.contains(Show.HEADS), picker);
        AnalysisRun run = session.runProperty().get();
        if (run != null && shown.contains(Show.ANALYSIS)) {
            LessonPanels fresh = new LessonPanels(run, step.panels(), (panel, at) -> chosen.set(new Chosen(panel, at)));
            panels = fresh;
            getChildren().addAll(progress(run), new ErrorLabel(run.errorProperty()), fresh);
        }
    }

    /** Points at a cell of a grid of the step. */
    void pointAt(String title, List<Integer> at) {
        if (panels != null) {
            panels.pointAt(title, at);
        }
    }

    private void add(boolean wanted, Node part) {
        if (wanted) {
            getChildren().add(part);
        }
    }

    private static Node heads(Tools tools) {
        HeadGrid grid = new HeadGrid(tools.explore().grid());
        grid.setId("lesson-heads");
        grid.setMaxHeight(USE_PREF_SIZE);
        Button clear = new Button(Messages.get("lessons.live.unmask"));
        clear.setId("lesson-unmask");
        clear.setMinWidth(USE_PREF_SIZE);
        clear.setOnAction(event -> tools.explore().clearMask());
        clear.disableProperty()
                .bind(Bindings.createBooleanBinding(
                        () -> tools.explore().grid().marks().size() == 0,
                        tools.explore().grid().marksProperty()));
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        HBox row = new HBox(heading(Messages.get("lessons.live.heads")), space, clear);
        row.getStyleClass().add("row");
        return column(row, grid, new ErrorLabel(tools.explore().maskErrorProperty()));
    }

    private static Node predictions(Tools tools) {
        PredictionTable table = new PredictionTable(
                tools.explore().predictions(), tools.explore().followed());
        table.setId("lesson-predictions");
        table.setPrefHeight(240);
        table.setMinHeight(150);
        return headed(Messages.get("lessons.live.predictions"), table);
    }

    private static Node attention(Tools tools) {
        Label title = heading("");
        title.textProperty().bind(tools.attention().titleProperty());
        HeatMap map = new HeatMap(tools.attention().map());
        map.setId("lesson-pattern");
        map.setMaxHeight(USE_PREF_SIZE);
        Label readOut = new Label();
        readOut.setId("lesson-read-out");
        readOut.setWrapText(true);
        readOut.setMinHeight(USE_PREF_SIZE);
        readOut.textProperty().bind(tools.attention().readOutProperty());
        return column(title, map, readOut, new ErrorLabel(tools.attention().errorProperty()));
    }

    private static Node progress(AnalysisRun run) {
        ProgressBar bar = new ProgressBar();
        bar.progressProperty().bind(run.progressProperty());
        Label message = new Label();
        message.getStyleClass().add("muted");
        message.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> Messages.get(
                                "lessons.computing", run.messageProperty().get()),
                        run.messageProperty()));
        Button stop = new Button(Messages.get("run.stop"));
        stop.setOnAction(event -> run.cancel());
        HBox row = new HBox(bar, message, stop);
        row.getStyleClass().add("row");
        row.visibleProperty().bind(run.runningProperty());
        row.managedProperty().bind(row.visibleProperty());
        return row;
    }

    private static Node headed(String words, Node part) {
        return column(heading(words), part);
    }

    private static Label heading(String words) {
        Label heading = new Label(words);
        heading.getStyleClass().add("heading");
        return heading;
    }

    private static VBox column(Node... parts) {
        VBox column = new VBox(parts);
        column.getStyleClass().add("half");
        return column;
    }
}
