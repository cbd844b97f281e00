package org.headscope.app.walk;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Cell;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.scene.robot.Robot;
import javafx.stage.Modality;
import javafx.stage.Stage;
import javafx.stage.Window;
import org.testfx.util.WaitForAsyncUtils;

/** Does one thing after another to whatever is on the screen, as a seed decides. */
public final class Walker {
    private static final int MOST_TYPED = 24;
    private static final int SECONDS = 60;
    private static final KeyCode[] KEYS = {
        KeyCode.UP,
        KeyCode.DOWN,
        KeyCode.LEFT,
        KeyCode.RIGHT,
        KeyCode.SPACE,
        KeyCode.ENTER,
        KeyCode.ESCAPE,
        KeyCode.TAB,
        KeyCode.DELETE,
        KeyCode.HOME,
        KeyCode.END,
        KeyCode.PAGE_DOWN,
        KeyCode.L,
        KeyCode.F1,
        KeyCode.F5
    };
    /** With the shortcut key; Q is missing on purpose. */
    private static final KeyCode[] SHORTCUTS = {
        KeyCode.Z,
        KeyCode.K,
        KeyCode.D,
        KeyCode.I,
        KeyCode.PERIOD,
        KeyCode.EQUALS,
        KeyCode.MINUS,
        KeyCode.DIGIT0,
        KeyCode.DIGIT1,
        KeyCode.DIGIT2,
        KeyCode.DIGIT3,
        KeyCode.DIGIT4,
        KeyCode.DIGIT5,
        KeyCode.DIGIT6,
        KeyCode.DIGIT7,
        KeyCode.DIGIT8,
        KeyCode.DIGIT9,
        KeyCode.A
    };

    private static final String[] WORDS = {
        "When Mary and John went to the park, John gave the book to",
        "ids:0,1,2,3,1",
        "ids:999999",
        "The capital of France is",
        "12",
        "-3.5",
        "",
        "0.1,0.2",
        "1.2",
        "Mary",
        "\u00e4\u4e2d\ud83d\ude00",
        "all"
    };

    private final Random random;
    private final Robot robot;

    /** @param random decides */
    public Walker(Random random) throws TimeoutException {
        this.random = random;
        this.robot = onWindowThread(Robot::new);
    }

    /** {@return what was done} */
    public String step() throws TimeoutException {
        int dice = random.nextInt(100);
        if (dice < 58) {
            return click();
        }
        if (dice < 70) {
            return write();
        }
        if (dice < 82) {
            return press(KEYS[random.nextInt(KEYS.length)]);
        }
        if (dice < 90) {
            return shortcut(SHORTCUTS[random.nextInt(SHORTCUTS.length)]);
        }
        if (dice < 93) {
            return scroll();
        }
        return dice < 97 ? otherView() : dice < 99 ? otherModel() : drag();
    }

    private String otherView() throws TimeoutException {
        return onWindowThread(() -> {
            List<Node> views = candidates().stream()
                    .filter(node -> node.getStyleClass().contains("navigation-item"))
                    .toList();
            if (views.isEmpty()) {
                return "no view to go to";
            }
            Node node = views.get(random.nextInt(views.size()));
            robot.mouseMove(place(node));
            robot.mouseClick(MouseButton.PRIMARY);
            return "go to " + describe(node);
        });
    }

    private String otherModel() throws TimeoutException {
        return onWindowThread(() -> {
            for (Node node : candidates()) {
                if (node instanceof MenuButton picker && "model-picker".equals(node.getId())) {
                    List<MenuItem> models = picker.getItems().stream()
                            .filter(item -> !item.isDisable() && item.getOnAction() != null)
                            .toList();
                    MenuItem item = models.get(random.nextInt(models.size()));
                    item.fire();
                    return "open model " + item.getText();
                }
            }
            return "no model to open";
        });
    }

    private String click() throws TimeoutException {
        return onWindowThread(() -> {
            List<Node> found = candidates();
            if (found.isEmpty()) {
                return "nothing to click";
            }
            Node node = found.get(random.nextInt(found.size()));
            robot.mouseMove(place(node));
            robot.mouseClick(MouseButton.PRIMARY);
            return "click on " + describe(node);
        });
    }

    private String write() throws TimeoutException {
        return onWindowThread(() -> {
            List<Node> fields = candidates().stream()
                    .filter(TextInputControl.class::isInstance)
                    .toList();
            if (fields.isEmpty()) {
                return "nowhere to type";
            }
            TextInputControl field = (TextInputControl) fields.get(random.nextInt(fields.size()));
            field.requestFocus();
            String word = WORDS[random.nextInt(WORDS.length)];
            if (random.nextBoolean()) {
                field.selectAll();
            }
            if (field.isEditable()) {
                field.replaceSelection(
                        word.length() > MOST_TYPED && random.nextBoolean() ? word.substring(0, 9) : word);
            }
            return "type “" + word + "” into " + describe(field);
        });
    }

    private String press(KeyCode key) throws TimeoutException {
        return onWindowThread(() -> {
            robot.keyType(key);
            return "press " + key;
        });
    }

    private String shortcut(KeyCode key) throws TimeoutException {
        return onWindowThread(() -> {
            boolean shift = random.nextInt(3) == 0;
            if (shift) {
                robot.keyPress(KeyCode.SHIFT);
            }
            robot.keyPress(KeyCode.CONTROL);
            robot.keyType(key);
            robot.keyRelease(KeyCode.CONTROL);
            if (shift) {
                robot.keyRelease(KeyCode.SHIFT);
            }
            return "press Ctrl+" + (shift ? "Shift+" : "") + key;
        });
    }

    private String scroll() throws TimeoutException {
        return onWindowThread(() -> {
            List<Node> found = candidates();
            if (found.isEmpty()) {
                return "nothing to scroll";
            }
            Node node = found.get(random.nextInt(found.size()));
            robot.mouseMove(place(node));
            robot.mouseWheel(random.nextInt(11) - 5);
            return "scroll at " + describe(node);
        });
    }

    private String drag() throws TimeoutException {
        return onWindowThread(() -> {
            List<Node> found = candidates();
            if (found.size() < 2) {
                return "nothing to drag";
            }
            Node from = found.get(random.nextInt(found.size()));
            Node to = found.get(random.nextInt(found.size()));
            robot.mouseMove(place(from));
            robot.mousePress(MouseButton.PRIMARY);
            robot.mouseMove(place(to));
            robot.mouseRelease(MouseButton.PRIMARY);
            return "drag from " + describe(from) + " to " + describe(to);
        });
    }

    /** Whatever a person could want to click: in the window in front when that one keeps the others waiting, else in any. */
    private static List<Node> candidates() {
        List<Window> windows =
                Window.getWindows().stream().filter(Window::isShowing).toList();
        List<Window> modal = windows.stream()
                .filter(window -> window instanceof Stage stage && stage.getModality() != Modality.NONE)
                .toList();
        List<Node> found = new ArrayList<>();
        (modal.isEmpty() ? windows : modal)
                .stream()
                        .filter(window -> window.getScene() != null)
                        .forEach(window -> collect(window.getScene().getRoot(), found));
        return found;
    }

    private static void collect(Node node, List<Node> found) {
        if (!node.isVisible() || node.isDisabled()) {
            return;
        }
        if (touchable(node)) {
            found.add(node);
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> collect(child, found));
        }
    }

    private static boolean touchable(Node node) {
        boolean kind = node instanceof Cell<?> cell ? !cell.isEmpty() : clickable(node);
        if (!kind || node instanceof Labeled labeled && "Quit".equals(labeled.getText())) {
            return false;
        }
        Bounds bounds = node.localToScene(node.getBoundsInLocal());
        return bounds.getWidth() > 2
                && bounds.getHeight() > 2
                && bounds.intersects(
                        1, 1, node.getScene().getWidth() - 2, node.getScene().getHeight() - 2);
    }

    private static boolean clickable(Node node) {
        if (node instanceof Label || node.getStyleClass().contains("tooltip")) {
            return false;
        }
        return node instanceof Control
                || node.isFocusTraversable()
                || node.getStyleClass().contains("menu-item")
                || node.getStyleClass().contains("column-header");
    }

    private Point2D place(Node node) {
        Bounds bounds = node.localToScene(node.getBoundsInLocal());
        double left = Math.max(1, bounds.getMinX() + 1);
        double right = Math.min(node.getScene().getWidth() - 1, bounds.getMaxX() - 1);
        double top = Math.max(1, bounds.getMinY() + 1);
        double bottom = Math.min(node.getScene().getHeight() - 1, bounds.getMaxY() - 1);
        double x = left + random.nextDouble() * Math.max(0, right - left);
        double y = top + random.nextDouble() * Math.max(0, bottom - top);
        return node.getScene().getRoot().localToScreen(x, y);
    }

    private static String describe(Node node) {
        String text = node instanceof Labeled labeled ? " “" + labeled.getText() + "”" : "";
        String id = node.getId() == null ? "" : "#" + node.getId();
        return node.getClass().getSimpleName() + id + text;
    }

    private static <T> T onWindowThread(Callable<T> action) throws TimeoutException {
        return WaitForAsyncUtils.waitFor(SECONDS, TimeUnit.SECONDS, WaitForAsyncUtils.asyncFx(action));
    }
}
