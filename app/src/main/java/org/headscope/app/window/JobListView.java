package org.headscope.app.window;

import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import org.headscope.app.text.Messages;

/** All running jobs, one below the other. */
final class JobListView extends VBox {

    JobListView(StatusViewModel model) {
        getStyleClass().add("job-list");
        model.jobs().subscribe(() -> show(model));
        show(model);
    }

    private void show(StatusViewModel model) {
        Label heading = new Label(Messages.get("status.jobs"));
        heading.getStyleClass().add("heading");
        getChildren().setAll(heading);
        model.jobs().forEach(item -> getChildren().add(new JobRow(item)));
    }
}
