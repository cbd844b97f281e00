package org.headscope.app.analyses;

import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.app.form.FormViewModel;
import org.headscope.app.form.ParameterForm;
import org.headscope.app.panel.PanelBoard;
import org.headscope.app.report.ReportButton;
import org.headscope.app.task.TaskPicker;
import org.headscope.app.text.Messages;
import org.headscope.app.window.WorkView;
import org.headscope.app.workbench.BenchPane;
import org.headscope.app.workbench.Choices;
import org.headscope.app.workbench.ConditionsBar;
import org.headscope.app.workbench.ErrorLabel;
import org.headscope.app.workbench.RunBar;
import org.headscope.app.workbench.Services;
import org.jspecify.annotations.Nullable;

/** The analysis and its form on the left, what it finds on the right. */
public final class AnalysesView implements WorkView {
    private final AnalysesViewModel model;
    private final Node node;

    /**
     * @param model its state
     * @param empty shown while no model is open
     */
    public AnalysesView(AnalysesViewModel model, Node empty) {
        this.model = model;
        Services services = model.bench().services();
        PanelBoard panels = new PanelBoard(model.run().panels(), services, model.run()::origins);
        VBox results = new VBox(ReportButton.of(services, model.run()), panels);
        results.getStyleClass().add("results");
        ScrollPane board = scroll(results);
        HBox.setHgrow(board, Priority.ALWAYS);
        HBox halves = new HBox(setup(), board);
        halves.getStyleClass().add("halves");
        this.node = new BenchPane(model.bench(), empty, halves);
    }

    @Override
    public Node node() {
        return node;
    }

    private Node setup() {
        ComboBox<Analysis<?, ?>> choice =
                Choices.of(model.all(), analysis -> analysis.info().name(), model.chosenProperty());
        choice.setId("analysis");
        choice.setMaxWidth(Double.MAX_VALUE);
        VBox about = new VBox();
        about.getStyleClass().add("about-analysis");
        model.chosenProperty().subscribe(analysis -> describe(about, analysis));
        StackPane form = new StackPane();
        model.formProperty().subscribe(fresh -> fill(form, fresh));
        VBox left = new VBox(
                choice,
                new RunBar(model.run(), model::start), // above the form: long ones must not hide it
                new ConditionsBar(model.bench()),
                new ErrorLabel(model.run().errorProperty()),
                about,
                new TaskPicker(model.tasks()),
                form);
        left.getStyleClass().add("half");
        ScrollPane scroll = scroll(left);
        scroll.setMinWidth(300);
        scroll.setPrefWidth(400);
        return scroll;
    }

    private static void fill(StackPane place, @Nullable FormViewModel form) {
        place.getChildren().clear();
        if (form != null) {
            place.getChildren().add(new ParameterForm(form.fields()));
        }
    }

    private static void describe(VBox place, @Nullable Analysis<?, ?> analysis) {
        place.getChildren().clear();
        if (analysis != null) {
            AnalysisInfo info = analysis.info();
            place.getChildren()
                    .addAll(
                            line(info.measures()),
                            muted(Messages.get("analyses.formula", info.formula())),
                            muted(Messages.get("analyses.source", info.source())),
                            muted(ExactnessText.of(info)));
            if (!info.approximates().isBlank()) {
                place.getChildren().add(muted(Messages.get("analyses.approximates", info.approximates())));
            }
        }
    }

    private static Label line(String text) {
        Label line = new Label(text);
        line.setWrapText(true);
        line.setMinHeight(Label.USE_PREF_SIZE);
        return line;
    }

    private static Label muted(String text) {
        Label line = line(text);
        line.getStyleClass().addAll("muted", "small");
        return line;
    }

    private static ScrollPane scroll(Node content) {
        ScrollPane scroll = new ScrollPane(content);
        scroll.getStyleClass().add("setup");
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        return scroll;
    }
}
