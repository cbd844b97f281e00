package org.headscope.app.workbench;

import javafx.scene.Node;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.VBox;

/** The frame of a view that needs a model: says why the last one did not open, and what to do while there is none. */
public final class BenchPane extends BorderPane {

    /**
     * @param bench has the model, or not
     * @param empty shown while there is none
     * @param content shown with one
     */
    public BenchPane(Workbench bench, Node empty, Node content) {
        getStyleClass().add("bench-pane");
        setTop(new VBox(new ErrorLabel(bench.modelErrorProperty())));
        bench.modelProperty().subscribe(model -> setCenter(model == null ? empty : content));
    }
}
