package org.headscope.app.lessonview;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.layout.StackPane;
import org.headscope.app.window.WorkView;
import org.jspecify.annotations.Nullable;

/** The list of lessons, or the one that is open. */
public final class LessonsView implements WorkView {
    private final LessonsViewModel model;
    private final LivePart live;
    private final LessonList list;
    private final StackPane node = new StackPane();
    private @Nullable LessonPane pane;

    /** @param model its state */
    public LessonsView(LessonsViewModel model) {
        this.model = model;
        this.live = new LivePart(model.tools());
        this.list = new LessonList(model);
        node.setAlignment(Pos.TOP_LEFT);
        live.chosenProperty().subscribe(chosen -> {
            if (pane != null) {
                pane.chose(chosen);
            }
        });
        model.sessionProperty().subscribe(this::show);
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public void shown() {
        model.shown();
        focus();
    }

    @Override
    public void hidden() {
        model.hidden();
    }

    private void show(@Nullable LessonSession session) {
        pane = session == null ? null : new LessonPane(model, session, live);
        node.getChildren().setAll(pane == null ? list : pane);
        focus();
    }

    /** Keys turn pages at once, without a click first. */
    private void focus() {
        if (pane != null) {
            pane.requestFocus();
        } else {
            list.focusOnList();
        }
    }
}
