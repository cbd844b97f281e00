package org.headscope.app.lessonview;

import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.lesson.GridCells;
import org.headscope.app.lesson.Question;
import org.headscope.app.lesson.Step;
import org.headscope.app.lessonview.LivePart.Chosen;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.ErrorLabel;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/**
 * A lesson: its words and tasks on the left, the model at work on the right. Page keys turn the page from anywhere, arrow
 * keys and Space where nothing else takes them.
 */
final class LessonPane extends BorderPane {
    private final LessonsViewModel lessons;
    private final LessonSession session;
    private final LivePart live;
    private final VBox words = new VBox();
    private final ScrollPane left = new ScrollPane(words);
    private final ScrollPane right;
    private final Label place = new Label();
    private final Button back = button("lessons.previous", "mdi2c-chevron-left");
    private final Button next = button("lessons.next", "mdi2c-chevron-right");
    private final ReadOnlyStringWrapper chosenCell = new ReadOnlyStringWrapper("");
    private @Nullable QuestionModel question;

    LessonPane(LessonsViewModel lessons, LessonSession session, LivePart live) {
        this.lessons = lessons;
        this.session = session;
        this.live = live;
        this.right = scroll(live);
        getStyleClass().add("lesson");
        setFocusTraversable(true);
        setTop(new VBox(head(), new ErrorLabel(session.errorProperty()), new ErrorLabel(lessons.errorProperty())));
        left.setFitToWidth(true);
        left.setFocusTraversable(false);
        left.getStyleClass().add("setup");
        words.getStyleClass().add("lesson-words");
        HBox halves = new HBox(left, right);
        halves.getStyleClass().add("halves");
        HBox.setHgrow(right, Priority.ALWAYS);
        setCenter(halves);
        session.readyProperty().subscribe(this::show);
        session.stepProperty().subscribe(this::show);
        addEventFilter(KeyEvent.KEY_PRESSED, this::anywhere);
        addEventHandler(KeyEvent.KEY_PRESSED, this::here);
        left.addEventHandler(MouseEvent.MOUSE_PRESSED, event -> requestFocus());
    }

    private static ScrollPane scroll(LivePart live) {
        ScrollPane scroll = new ScrollPane(live);
        scroll.setFitToWidth(true);
        scroll.setFocusTraversable(false);
        scroll.getStyleClass().addAll("setup", "lesson-live-scroll");
        return scroll;
    }

    private static Button button(String key, String icon) {
        Button button = new Button("", new FontIcon(icon));
        button.setId(key.replace('.', '-'));
        button.setMinWidth(USE_PREF_SIZE);
        return button;
    }

    private Node head() {
        Button leave = new Button(Messages.get("lessons.toList"), new FontIcon("mdi2a-arrow-left"));
        leave.setId("lessons-list");
        leave.setMinWidth(USE_PREF_SIZE);
        leave.setOnAction(event -> lessons.close());
        Label title = new Label(session.lesson().title());
        title.getStyleClass().add("headline");
        Region space = new Region();
        HBox.setHgrow(space, Priority.ALWAYS);
        place.setId("lesson-place");
        place.getStyleClass().add("muted");
        place.setMinWidth(USE_PREF_SIZE);
        back.setText(Messages.get("lessons.previous"));
        back.setOnAction(event -> session.back());
        next.setText(Messages.get("lessons.next"));
        next.setContentDisplay(javafx.scene.control.ContentDisplay.RIGHT);
        next.getStyleClass().add("accent");
        next.setOnAction(event -> forward());
        HBox row = new HBox(leave, title, space, place, back, next);
        row.getStyleClass().addAll("row", "lesson-head");
        return row;
    }

    private void forward() {
        if (session.hasNext()) {
            session.next();
        } else {
            lessons.close();
        }
    }

    private void show() {
        Step step = session.step();
        int number = session.stepProperty().get();
        place.setText(Messages.get(
                "lessons.place",
                Integer.toString(number + 1),
                Integer.toString(session.lesson().steps().size())));
        back.setDisable(number == 0);
        next.setText(session.hasNext() ? Messages.get("lessons.next") : Messages.get("lessons.finish"));
        words.getChildren().clear();
        step.text().forEach(paragraph -> words.getChildren().add(Markup.flow(paragraph)));
        live.setVisible(session.readyProperty().get());
        if (!session.readyProperty().get()) {
            question = null;
            return;
        }
        live.show(session);
        ask(step);
        Button full = new Button(Messages.get("lessons.full"), new FontIcon("mdi2o-open-in-new"));
        full.setId("lesson-full");
        full.getStyleClass().add("flat");
        full.setOnAction(event -> lessons.openInFullView());
        full.setVisible(!step.show().isEmpty());
        words.getChildren().add(full);
        left.setVvalue(0);
        right.setVvalue(0);
        requestFocus();
    }

    private void ask(Step step) {
        if (step.question() == null) {
            question = null;
            return;
        }
        QuestionModel asked = new QuestionModel(session);
        question = asked;
        chosenCell.set(Messages.get("lessons.chosen.none"));
        QuestionPane task = new QuestionPane(asked, chosenCell);
        words.getChildren().add(task);
        task.heightProperty().subscribe((before, now) -> {
            boolean answered = asked.verdictProperty().get() != null
                    || !asked.missingProperty().get().isEmpty();
            if (answered) { // what was found is below the task, where small screens do not reach
                left.setVvalue(1);
            }
        });
        if (asked.question() instanceof Question.Extreme extreme) {
            asked.cellProperty().subscribe(at -> {
                if (at != null) {
                    live.pointAt(extreme.panel(), at);
                }
            });
        }
    }

    /** Takes note of a cell that was chosen in the live part. */
    void chose(@Nullable Chosen chosen) {
        QuestionModel asked = question;
        if (chosen == null || asked == null || !(asked.question() instanceof Question.Extreme extreme)) {
            return;
        }
        if (chosen.panel().title().equals(extreme.panel())) {
            double value = chosen.panel()
                    .grid()
                    .at(chosen.at().stream().mapToInt(Integer::intValue).toArray());
            chosenCell.set(
                    Messages.get("lessons.chosen", GridCells.words(chosen.panel(), chosen.at()), Ticks.format(value)));
            asked.cellProperty().set(chosen.at());
        } else {
            chosenCell.set(Messages.get("lessons.chosen.elsewhere", extreme.panel()));
        }
    }

    private void anywhere(KeyEvent event) {
        switch (event.getCode()) {
            case PAGE_DOWN -> session.next();
            case PAGE_UP -> session.back();
            case ENTER -> {
                if (!event.isShortcutDown()) {
                    return;
                }
                act();
            }
            default -> {
                return;
            }
        }
        event.consume();
    }

    private void here(KeyEvent event) {
        if (event.isConsumed() || event.isShortcutDown() || event.isAltDown()) {
            return;
        }
        KeyCode key = event.getCode();
        if (key == KeyCode.RIGHT) {
            session.next();
        } else if (key == KeyCode.LEFT) {
            session.back();
        } else if ((key == KeyCode.SPACE || key == KeyCode.ENTER) && event.getTarget() == this) {
            act();
        } else {
            return;
        }
        event.consume();
    }

    /** Checks the answer, or goes on where there is none to give. */
    private void act() {
        QuestionModel asked = question;
        if (asked == null || asked.solvedProperty().get()) {
            session.next();
        } else {
            asked.check();
        }
    }
}
