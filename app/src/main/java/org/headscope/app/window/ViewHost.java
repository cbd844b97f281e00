package org.headscope.app.window;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.layout.StackPane;
import org.headscope.app.dialog.Dialogs;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** The middle of the window: makes views when they are first shown and keeps them. */
final class ViewHost extends StackPane {
    private final Dialogs dialogs;
    private final Map<String, WorkView> made = new HashMap<>();
    private @Nullable WorkView shown;

    ViewHost(Dialogs dialogs) {
        this.dialogs = dialogs;
        getStyleClass().add("view-host");
    }

    /**
     * Shows a view in place of the one before.
     *
     * @return what it wants on the right side
     */
    Optional<Node> show(ViewSpec spec) {
        if (shown != null) {
            shown.hidden();
            shown = null;
        }
        try {
            WorkView view = made.computeIfAbsent(spec.id(), id -> spec.factory().get());
            getChildren().setAll(view.node());
            shown = view;
            view.shown();
            return view.inspector();
        } catch (RuntimeException e) { // one broken view must not take the window with it
            getChildren()
                    .setAll(new EmptyState(
                            "mdi2a-alert-circle-outline",
                            Messages.get("view.broken", spec.label()),
                            Messages.get("view.broken.hint")));
            dialogs.failure(spec.label(), e);
            return Optional.empty();
        }
    }
}
