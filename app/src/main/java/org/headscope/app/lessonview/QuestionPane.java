package org.headscope.app.lessonview;

import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.RadioButton;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.app.lesson.Question;
import org.headscope.app.lesson.Verdict;
import org.headscope.app.text.Messages;
import org.headscope.app.workbench.ErrorLabel;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

/** The task of a step, its answer, and what the model says about it. */
final class QuestionPane extends VBox {
    private final QuestionModel model;

    /**
     * @param model the question
     * @param chosenCell the cell chosen in the live part, in words
     */
    QuestionPane(QuestionModel model, javafx.beans.value.ObservableValue<String> chosenCell) {
        this.model = model;
        getStyleClass().add("lesson-task");
        Label heading = new Label(Messages.get("lessons.task"), new FontIcon("mdi2h-help-circle-outline"));
        heading.getStyleClass().add("heading");
        VBox feedback = new VBox();
        feedback.setId("lesson-feedback");
        feedback.getStyleClass().add("lesson-feedback");
        getChildren()
                .addAll(
                        heading,
                        Markup.flow(model.question().wording().ask()),
                        answer(chosenCell),
                        buttons(),
                        new ErrorLabel(model.missingProperty()),
                        feedback);
        model.verdictProperty().subscribe(verdict -> tell(feedback, verdict));
        if (model.solvedProperty().get()) {
            feedback.getChildren().setAll(line(Messages.get("lessons.solvedBefore"), "muted"));
        }
    }

    private Node answer(javafx.beans.value.ObservableValue<String> chosenCell) {
        if (model.question() instanceof Question.Choice choice) {
            return options(choice.options());
        }
        if (model.question() instanceof Question.Number) {
            TextField field = new TextField();
            field.setId("lesson-number");
            field.setPrefColumnCount(8);
            field.setMaxWidth(USE_PREF_SIZE);
            field.setPromptText(Messages.get("lessons.number"));
            field.setAccessibleText(Messages.get("lessons.number"));
            field.textProperty().bindBidirectional(model.numberProperty());
            field.setOnAction(event -> model.check());
            return field;
        }
        Label state = line("", "lesson-answer");
        state.setId("lesson-answer");
        if (model.question() instanceof Question.Masking masking) {
            state.textProperty()
                    .bind(Bindings.createStringBinding(
                            () -> masked(masking), model.session().bench().maskProperty()));
        } else {
            state.textProperty().bind(chosenCell);
        }
        return state;
    }

    private String masked(Question.Masking masking) {
        HeadMask mask = model.session().bench().maskProperty().get();
        String now = Integer.toString(mask == null ? 0 : mask.size());
        if (masking.least() > 0) {
            return Messages.get("lessons.masked.least", now, Integer.toString(masking.least()));
        }
        return masking.most() == Integer.MAX_VALUE
                ? Messages.get("lessons.masked", now)
                : Messages.get("lessons.masked.most", now, Integer.toString(masking.most()));
    }

    private Node options(List<Question.Option> options) {
        VBox column = new VBox();
        column.getStyleClass().add("lesson-options");
        ToggleGroup group = new ToggleGroup();
        for (int i = 0; i < options.size(); i++) {
            RadioButton button = new RadioButton(options.get(i).text());
            button.setId("lesson-option-" + i);
            button.setWrapText(true);
            button.setMinHeight(USE_PREF_SIZE);
            button.setToggleGroup(group);
            int option = i;
            button.setOnAction(event -> model.optionProperty().set(option));
            column.getChildren().add(button);
        }
        model.optionProperty().subscribe(now -> {
            int option = now.intValue();
            group.selectToggle(option < 0 ? null : group.getToggles().get(option));
        });
        return column;
    }

    private Node buttons() {
        Button check = new Button(Messages.get("lessons.check"), new FontIcon("mdi2c-check"));
        check.setId("lesson-check");
        check.getStyleClass().add("accent");
        check.setOnAction(event -> model.check());
        var run = model.session().runProperty().get();
        check.disableProperty()
                .bind(
                        run == null
                                ? model.checkingProperty()
                                : Bindings.or(model.checkingProperty(), run.runningProperty()));
        Button show = new Button(Messages.get("lessons.showMe"));
        show.setId("lesson-show");
        show.setOnAction(event -> model.showMe());
        show.disableProperty().bind(check.disableProperty());
        show.visibleProperty()
                .bind(Bindings.createBooleanBinding(
                        model::mayBeShown, model.failuresProperty(), model.solvedProperty()));
        show.managedProperty().bind(show.visibleProperty());
        HBox row = new HBox(check, show);
        row.getStyleClass().add("row");
        return row;
    }

    private void tell(VBox feedback, @Nullable Verdict verdict) {
        if (verdict == null) {
            feedback.getChildren().clear();
            return;
        }
        Question.Wording words = model.question().wording();
        Label found = line(verdict.found(), verdict.right() ? "right" : "wrong");
        found.setId("lesson-found");
        found.setGraphic(new FontIcon(verdict.right() ? "mdi2c-check-circle-outline" : "mdi2c-close-circle-outline"));
        feedback.getChildren().setAll(found);
        String more = verdict.right() ? words.then() : words.hint();
        if (!more.isEmpty()) {
            feedback.getChildren().add(Markup.flow(more));
        }
    }

    private static Label line(String words, String style) {
        Label line = new Label(words);
        line.getStyleClass().add(style);
        line.setWrapText(true);
        line.setMinHeight(USE_PREF_SIZE);
        return line;
    }
}
