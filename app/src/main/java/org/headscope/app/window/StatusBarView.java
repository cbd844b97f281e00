package org.headscope.app.window;

import atlantafx.base.theme.Styles;
import javafx.animation.Animation;
import javafx.animation.KeyFrame;
import javafx.animation.Timeline;
import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.util.Duration;
import org.controlsfx.control.PopOver;
import org.headscope.app.text.Messages;
import org.headscope.app.theme.ThemeManager;

/** The line at the bottom: the oldest running job with its brakes, the last receipt, memory. */
final class StatusBarView extends HBox {
    private static final Duration JOBS_EVERY = Duration.millis(200);
    private static final Duration MEMORY_EVERY = Duration.seconds(2);
    private final StatusViewModel model;
    private final HBox jobPlace = new HBox();
    private final Button more = new Button();
    private final PopOver popOver = new PopOver();

    StatusBarView(StatusViewModel model, ThemeManager themes) {
        this.model = model;
        getStyleClass().add("status-bar");
        jobPlace.getStyleClass().add("row");
        more.setId("more-jobs");
        more.getStyleClass().add(Styles.FLAT);
        more.setOnAction(event -> popOver.show(more));
        popOver.setContentNode(new JobListView(model));
        themes.install(popOver);
        popOver.setArrowLocation(PopOver.ArrowLocation.BOTTOM_LEFT);
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        getChildren().addAll(jobPlace, more, space, receipt(), memory());
        model.jobs().subscribe(this::showJobs);
        showJobs();
        repeat(JOBS_EVERY, model::refreshJobs);
        repeat(MEMORY_EVERY, model::refreshMemory);
        model.refreshMemory();
    }

    private Node receipt() {
        Label receipt = new Label();
        receipt.setId("receipt");
        receipt.textProperty().bind(model.receiptProperty());
        return receipt;
    }

    private Node memory() {
        Label memory = new Label();
        memory.setId("memory");
        memory.setMinWidth(USE_PREF_SIZE);
        memory.getStyleClass().add("muted");
        memory.textProperty()
                .bind(Bindings.createStringBinding(
                        () -> Messages.get(
                                "status.memory", model.memoryProperty().get()),
                        model.memoryProperty()));
        memory.setTooltip(new Tooltip(Messages.get("status.memory.hint")));
        return memory;
    }

    private void showJobs() {
        int count = model.jobs().size();
        if (count == 0) {
            Label idle = new Label(Messages.get("status.idle"));
            idle.getStyleClass().add("muted");
            jobPlace.getChildren().setAll(idle);
            popOver.hide();
        } else {
            jobPlace.getChildren().setAll(new JobRow(model.jobs().get(0)));
        }
        more.setText(Messages.get("status.moreJobs", Integer.toString(count - 1)));
        more.setVisible(count > 1);
        more.setManaged(count > 1);
    }

    /** Repeats while the bar is in a window that is shown. */
    private void repeat(Duration every, Runnable action) {
        Timeline timeline = new Timeline(new KeyFrame(every, event -> action.run()));
        timeline.setCycleCount(Animation.INDEFINITE);
        sceneProperty()
                .flatMap(scene -> scene.windowProperty())
                .flatMap(window -> window.showingProperty())
                .orElse(false)
                .subscribe(showing -> {
                    if (showing) {
                        timeline.play();
                    } else {
                        timeline.stop();
                    }
                });
    }
}
