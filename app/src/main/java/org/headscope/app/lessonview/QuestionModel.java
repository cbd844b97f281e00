package org.headscope.app.lessonview;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javafx.beans.property.IntegerProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleIntegerProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.job.Job;
import org.headscope.app.job.JobContext;
import org.headscope.app.job.JobProgress;
import org.headscope.app.job.LatestJob;
import org.headscope.app.lesson.Answer;
import org.headscope.app.lesson.LessonLab;
import org.headscope.app.lesson.Question;
import org.headscope.app.lesson.QuestionCheck;
import org.headscope.app.lesson.Step;
import org.headscope.app.lesson.Verdict;
import org.headscope.app.text.Messages;
import org.jspecify.annotations.Nullable;

/** The question of a step: what is answered so far, and what the model says about it. */
public final class QuestionModel {
    private static final String CHECK = "check";
    private static final int PATIENCE = 2;

    private final LessonSession session;
    private final Step step;
    private final Question question;
    private final LatestJob latest;
    private final ObjectProperty<@Nullable List<Integer>> cell = new SimpleObjectProperty<>(this, "cell");
    private final StringProperty number = new SimpleStringProperty(this, "number", "");
    private final IntegerProperty option = new SimpleIntegerProperty(this, "option", -1);
    private final ReadOnlyObjectWrapper<@Nullable Verdict> verdict = new ReadOnlyObjectWrapper<>(this, "verdict");
    private final ReadOnlyIntegerWrapper failures = new ReadOnlyIntegerWrapper(this, "failures");
    private final ReadOnlyBooleanWrapper checking = new ReadOnlyBooleanWrapper(this, "checking");
    private final ReadOnlyBooleanWrapper solved = new ReadOnlyBooleanWrapper(this, "solved");
    private final ReadOnlyStringWrapper missing = new ReadOnlyStringWrapper(this, "missing", "");

    /** @param session shows a step with a question */
    QuestionModel(LessonSession session) {
        this.session = session;
        this.step = session.step();
        this.question = Objects.requireNonNull(step.question());
        this.latest = new LatestJob(session.bench().services().jobs());
        solved.set(session.isSolved());
    }

    public Question question() {
        return question;
    }

    LessonSession session() {
        return session;
    }

    /** The cell that was chosen in the grid, an index per axis. */
    public ObjectProperty<@Nullable List<Integer>> cellProperty() {
        return cell;
    }

    /** The number as it is typed. */
    public StringProperty numberProperty() {
        return number;
    }

    /** Which option is chosen, -1 for none. */
    public IntegerProperty optionProperty() {
        return option;
    }

    /** What the model says about the last answer, null before the first. */
    public ReadOnlyObjectProperty<@Nullable Verdict> verdictProperty() {
        return verdict.getReadOnlyProperty();
    }

    /** How many answers were wrong. */
    public ReadOnlyIntegerProperty failuresProperty() {
        return failures.getReadOnlyProperty();
    }

    public ReadOnlyBooleanProperty checkingProperty() {
        return checking.getReadOnlyProperty();
    }

    /** Whether it was answered rightly, now or before. */
    public ReadOnlyBooleanProperty solvedProperty() {
        return solved.getReadOnlyProperty();
    }

    /** What is missing for an answer to be checked, or why it could not be; empty for nothing. */
    public ReadOnlyStringProperty missingProperty() {
        return missing.getReadOnlyProperty();
    }

    /** Whether enough was tried for help. */
    boolean mayBeShown() {
        return failures.get() >= PATIENCE && !solved.get();
    }

    /** Checks what is answered. */
    public void check() {
        Answer answer = answer();
        LessonLab lab = session.lab();
        if (answer == null || lab == null || checking.get()) {
            return;
        }
        begin(context -> new QuestionCheck(lab.telling(progress(context)), step).check(answer), this::tell);
    }

    /** Finds a right answer, puts it where a person would have put it, and checks it. */
    public void showMe() {
        LessonLab lab = session.lab();
        if (lab != null && !checking.get()) {
            begin(context -> new QuestionCheck(lab.telling(progress(context)), step).solve(), this::put);
        }
    }

    private interface Work<T> {
        T on(JobContext context);
    }

    private <T> void begin(Work<T> work, java.util.function.Consumer<T> then) {
        missing.set("");
        checking.set(true);
        latest.submit(
                CHECK,
                Job.<T>of(Messages.get("lessons.checking"), work::on)
                        .whenDone(found -> {
                            checking.set(false);
                            then.accept(found);
                        })
                        .whenFailed(failure -> {
                            checking.set(false);
                            missing.set(FailureText.of(failure).message());
                        })
                        .whenCancelled(() -> checking.set(false)));
    }

    private static JobProgress progress(JobContext context) {
        return new JobProgress(context, panel -> {});
    }

    private void tell(Verdict found) {
        verdict.set(found);
        if (found.right()) {
            solved.set(true);
            session.solved();
        } else {
            failures.set(failures.get() + 1);
        }
    }

    private void put(Answer right) {
        if (right instanceof Answer.Cell found) {
            cell.set(found.at());
        } else if (right instanceof Answer.Mask found) {
            session.bench().maskProperty().set(found.mask());
        } else if (right instanceof Answer.Value found) {
            number.set(String.format(Locale.ROOT, "%.4g", found.value()));
        } else if (right instanceof Answer.Option found) {
            option.set(found.option());
        }
        check();
    }

    private @Nullable Answer answer() {
        missing.set("");
        if (question instanceof Question.Extreme) {
            List<Integer> at = cell.get();
            return at == null ? miss(Messages.get("lessons.missing.cell")) : new Answer.Cell(at);
        }
        if (question instanceof Question.Masking) {
            HeadMask mask = session.bench().maskProperty().get();
            return mask == null ? null : new Answer.Mask(mask);
        }
        if (question instanceof Question.Choice) {
            return option.get() < 0 ? miss(Messages.get("lessons.missing.option")) : new Answer.Option(option.get());
        }
        try {
            return new Answer.Value(Double.parseDouble(number.get().strip().replace(',', '.')));
        } catch (NumberFormatException e) {
            return miss(Messages.get("lessons.missing.number"));
        }
    }

    private @Nullable Answer miss(String what) {
        missing.set(what);
        return null;
    }
}
