package org.headscope.app.window;

import java.util.Optional;
import javafx.scene.Node;

/** A view of the window, such as Explore: made when it is first shown, kept from then on. */
public interface WorkView {
    /** @return what stands in the middle; always the same node */
    Node node();

    /** @return what stands on the right while this view is shown; always the same node */
    default Optional<Node> inspector() {
        return Optional.empty();
    }

    /** Called when the view comes into sight. */
    default void shown() {}

    /** Called when another view takes its place; the time to stop work that only serves the eye. */
    default void hidden() {}
}
