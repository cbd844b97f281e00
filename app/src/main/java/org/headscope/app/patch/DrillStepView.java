package org.headscope.app.patch;

import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.headscope.app.control.grid.HeadGrid;
import org.headscope.app.control.token.TokenStrip;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.ErrorLabel;
import org.kordamp.ikonli.javafx.FontIcon;

/** One closer look: its grid of heads or its tokens, and how far each run is. */
final class DrillStepView extends VBox {

    DrillStepView(DrillStep step, Drill drill) {
        setId("drill-step");
        getStyleClass().add("half");
        for (DrillPart part : step.parts()) {
            if (!part.heading().isEmpty()) {
                Label heading = new Label(part.heading());
                heading.getStyleClass().add("heading");
                getChildren().add(heading);
            }
            getChildren()
                    .addAll(
                            numbers(part, drill),
                            progress(part, drill),
                            new ErrorLabel(part.run().errorProperty()));
        }
        if (step.isLast()) {
            Label honest = new Label(Messages.get("patch.drill.sources.help"));
            honest.setWrapText(true);
            honest.setMinHeight(USE_PREF_SIZE);
            honest.getStyleClass().addAll("muted", "small");
            getChildren().add(honest);
        }
    }

    /** Keys go on where they led to. */
    void focusNumbers() {
        lookupAll(".drill-numbers").stream().findFirst().ifPresent(Node::requestFocus);
    }

    private static Node numbers(DrillPart part, Drill drill) {
        Node numbers;
        if (part instanceof HeadsPart heads) {
            HeadGrid grid = new HeadGrid(heads.heads());
            grid.setMaxHeight(USE_PREF_SIZE);
            numbers = grid;
        } else {
            numbers = new TokenStrip(((TokensPart) part).tokens());
        }
        numbers.getStyleClass().add("drill-numbers");
        OutcomePane.opens(numbers, drill);
        return numbers;
    }

    /** Says how far a run is and stops it; one that was stopped can be run again. */
    private static Node progress(DrillPart part, Drill drill) {
        AnalysisRun run = part.run();
        ProgressBar bar = new ProgressBar();
        bar.progressProperty().bind(run.progressProperty());
        Button stop = new Button(Messages.get("run.stop"), new FontIcon("mdi2s-stop"));
        stop.setOnAction(event -> run.cancel());
        HBox row = new HBox(bar, stop);
        row.getStyleClass().add("row");
        row.visibleProperty().bind(run.runningProperty());
        row.managedProperty().bind(row.visibleProperty());
        Button again = new Button(Messages.get("patch.drill.again"), new FontIcon("mdi2p-play"));
        again.setOnAction(event -> drill.restart(part));
        again.visibleProperty().bind(Bindings.and(run.runningProperty().not(), Bindings.isNull(run.resultProperty())));
        again.managedProperty().bind(again.visibleProperty());
        return new VBox(row, again);
    }
}
