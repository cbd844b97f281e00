package org.headscope.app.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Cell;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.text.Text;

/** What a person would complain about in any window: words cut off, and buttons without a name. */
public final class Legible {
    private static final String ELLIPSIS = "...";

    private Legible() {}

    /**
     * Looks for words that have no room. Tables are left out: their columns can be widened.
     *
     * @param root where to look; has been laid out
     * @return what cannot be read in full
     */
    public static List<String> cutOff(Parent root) {
        return collect(root, node -> node instanceof Labeled labeled && isCut(labeled));
    }

    /**
     * Looks for buttons that a screen reader could only call "button".
     *
     * @param root where to look
     * @return buttons with neither words nor accessible text
     */
    public static List<String> unnamed(Parent root) {
        return collect(
                root,
                node -> node instanceof ButtonBase button
                        && button.isFocusTraversable()
                        && empty(button.getText())
                        && empty(button.getAccessibleText()));
    }

    private static boolean isCut(Labeled labeled) {
        String wanted = labeled.getText();
        if (empty(wanted) || labeled instanceof Cell<?>) {
            return false;
        }
        return labeled.lookupAll(".text").stream()
                .filter(node -> node.getParent() == labeled)
                .map(Text.class::cast)
                .anyMatch(
                        text -> !text.getText().equals(wanted) && text.getText().endsWith(ELLIPSIS));
    }

    private static boolean empty(String text) {
        return text == null || text.isEmpty();
    }

    private static List<String> collect(Node node, Predicate<Node> wrong) {
        List<String> found = new ArrayList<>();
        if (!node.isVisible() || node instanceof TableView<?> || node instanceof Cell<?>) {
            return found;
        }
        Bounds bounds = node.getBoundsInLocal();
        if (wrong.test(node) && bounds.getWidth() > 0) {
            found.add(node.getClass().getSimpleName() + " #" + node.getId() + " “"
                    + (node instanceof Labeled labeled ? labeled.getText() : "") + "”");
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> found.addAll(collect(child, wrong)));
        }
        return found;
    }
}
