package org.headscope.app.lessonview;

import javafx.scene.AccessibleRole;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import org.headscope.app.lesson.Lesson;
import org.headscope.app.lesson.LessonProgress.Mark;
import org.headscope.app.lesson.LessonShelf.Entry;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.ErrorLabel;
import org.kordamp.ikonli.javafx.FontIcon;

/** All lessons with how long they take and how far one has come; those that are broken say why. */
final class LessonList extends BorderPane {
    private final LessonsViewModel model;
    private final VBox cards = new VBox();

    LessonList(LessonsViewModel model) {
        this.model = model;
        getStyleClass().add("lesson-list");
        Label heading = new Label(Messages.get("lessons.heading"));
        heading.getStyleClass().add("headline");
        Label about = new Label(Messages.get("lessons.about"));
        about.setWrapText(true);
        about.setMinHeight(Region.USE_PREF_SIZE);
        about.getStyleClass().add("muted");
        VBox top = new VBox(heading, about, new ErrorLabel(model.errorProperty()));
        top.getStyleClass().add("half");
        setTop(top);
        cards.getStyleClass().add("lesson-cards");
        ScrollPane scroll = new ScrollPane(cards);
        scroll.setFitToWidth(true);
        scroll.getStyleClass().add("setup");
        scroll.setFocusTraversable(false);
        setCenter(scroll);
        model.entries().subscribe(this::show);
        model.progressProperty().subscribe(this::show);
    }

    void focusOnList() {
        if (!cards.getChildren().isEmpty()) {
            cards.getChildren().get(0).requestFocus();
        }
    }

    private void show() {
        cards.getChildren().clear();
        model.entries().forEach(entry -> cards.getChildren().add(card(entry)));
    }

    private Region card(Entry entry) {
        Lesson lesson = entry.lesson();
        if (lesson == null) {
            Label broken = new Label(entry.error(), new FontIcon("mdi2a-alert-circle-outline"));
            broken.getStyleClass().add("error-label");
            broken.setWrapText(true);
            broken.setMinHeight(Region.USE_PREF_SIZE);
            broken.setMaxWidth(Double.MAX_VALUE);
            return broken;
        }
        Mark mark = model.progressProperty().get().of(lesson.id());
        FontIcon icon = new FontIcon(icon(mark));
        icon.getStyleClass().addAll("lesson-mark", mark.done() ? "done" : "open");
        Label title = new Label(lesson.title());
        title.getStyleClass().add("lesson-title");
        Label about = new Label(lesson.about());
        about.setWrapText(true);
        about.setMinHeight(Region.USE_PREF_SIZE);
        about.getStyleClass().add("muted");
        VBox words = new VBox(title, about);
        HBox.setHgrow(words, Priority.ALWAYS);
        Label minutes = new Label(state(lesson, mark));
        minutes.getStyleClass().add("muted");
        minutes.setMinWidth(Region.USE_PREF_SIZE);
        HBox card = new HBox(icon, words, minutes);
        card.setId("lesson-" + lesson.id());
        card.getStyleClass().add("lesson-card");
        card.setAccessibleRole(AccessibleRole.BUTTON);
        card.setAccessibleText(lesson.title() + ", " + state(lesson, mark));
        card.setFocusTraversable(true);
        card.setOnMouseClicked(event -> model.open(lesson));
        card.setOnKeyPressed(event -> {
            if (event.getCode() == KeyCode.ENTER || event.getCode() == KeyCode.SPACE) {
                event.consume();
                model.open(lesson);
            }
        });
        return card;
    }

    private static String icon(Mark mark) {
        if (mark.done()) {
            return "mdi2c-check-circle";
        }
        return mark.equals(Mark.NONE) ? "mdi2c-circle-outline" : "mdi2c-circle-half-full";
    }

    private static String state(Lesson lesson, Mark mark) {
        String minutes = Integer.toString(lesson.minutes());
        if (mark.done()) {
            return Messages.get("lessons.state.done", minutes);
        }
        return mark.equals(Mark.NONE)
                ? Messages.get("lessons.state.new", minutes)
                : Messages.get(
                        "lessons.state.begun",
                        minutes,
                        Integer.toString(mark.step() + 1),
                        Integer.toString(lesson.steps().size()));
    }
}
