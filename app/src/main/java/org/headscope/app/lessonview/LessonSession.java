package org.headscope.app.lessonview;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyIntegerProperty;
import javafx.beans.property.ReadOnlyIntegerWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import org.headscope.analysis.mask.HeadList;
import org.headscope.analysis.spi.Progress;
import org.headscope.app.dialog.FailureText;
import org.headscope.app.lesson.Computation;
import org.headscope.app.lesson.Lesson;
import org.headscope.app.lesson.LessonLab;
import org.headscope.app.lesson.LessonProgress.Mark;
import org.headscope.app.lesson.Step;
import org.headscope.app.workbench.AnalysisCall;
import org.headscope.app.workbench.AnalysisRun;
import org.headscope.app.workbench.OpenModel;
import org.headscope.app.workbench.Services;
import org.headscope.app.workbench.Workbench;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/** One lesson in progress: which step is shown, and what of it lies on the workbench. */
public final class LessonSession {
    private final Workbench bench;
    private final BenchKeeper keeper;
    private final Lesson lesson;
    private final Path model;
    private final Consumer<Mark> marked;
    private final Services quiet;
    private final Map<AnalysisCall, AnalysisRun> runs = new HashMap<>();
    private final ReadOnlyIntegerWrapper step = new ReadOnlyIntegerWrapper(this, "step");
    private final ReadOnlyBooleanWrapper ready = new ReadOnlyBooleanWrapper(this, "ready");
    private final ReadOnlyObjectWrapper<@Nullable AnalysisRun> run = new ReadOnlyObjectWrapper<>(this, "run");
    private final ReadOnlyStringWrapper error = new ReadOnlyStringWrapper(this, "error", "");
    private @Nullable LessonLab lab;
    private Mark mark;

    /**
     * @param bench where its things are put
     * @param keeper keeps what was there
     * @param lesson what is learnt
     * @param mark how far it had come
     * @param marked is told how far it comes
     */
    LessonSession(Workbench bench, BenchKeeper keeper, Lesson lesson, Mark mark, Consumer<Mark> marked) {
        this.bench = bench;
        this.keeper = keeper;
        this.lesson = lesson;
        this.mark = mark;
        this.marked = marked;
        Services all = bench.services();
        this.model = all.catalog().resolve(lesson.model());
        this.quiet = new Services(all.jobs(), all.catalog(), all.analyses(), null, all.dialogs(), all.receipts());
        step.set(mark.done() ? 0 : Math.min(mark.step(), lesson.steps().size() - 1));
    }

    /** The lesson. */
    public Lesson lesson() {
        return lesson;
    }

    Workbench bench() {
        return bench;
    }

    /** Which step is shown, counted from 0. */
    public ReadOnlyIntegerProperty stepProperty() {
        return step.getReadOnlyProperty();
    }

    /** The step that is shown. */
    public Step step() {
        return lesson.steps().get(step.get());
    }

    /** Whether the step lies on the workbench: its model is open. */
    public ReadOnlyBooleanProperty readyProperty() {
        return ready.getReadOnlyProperty();
    }

    /** What the step computes; null for nothing. */
    public ReadOnlyObjectProperty<@Nullable AnalysisRun> runProperty() {
        return run.getReadOnlyProperty();
    }

    /** Why the step cannot be shown, empty when it can. */
    public ReadOnlyStringProperty errorProperty() {
        return error.getReadOnlyProperty();
    }

    /** How far it has come. */
    public Mark mark() {
        return mark;
    }

    Path model() {
        return model;
    }

    /** What computes for questions; null until the model is open. */
    @Nullable
    LessonLab lab() {
        return lab;
    }

    /** Whether there is a step after this one. */
    public boolean hasNext() {
        return step.get() < lesson.steps().size() - 1;
    }

    /** Shows the next step. */
    public void next() {
        if (hasNext()) {
            go(step.get() + 1);
        }
    }

    /** Shows the step before. */
    public void back() {
        if (step.get() > 0) {
            go(step.get() - 1);
        }
    }

    private void go(int wanted) {
        ready.set(false);
        step.set(wanted);
        enter();
    }

    /** Puts the step on the workbench, as soon as its model is open. */
    void enter() {
        remember(mark.at(step.get(), lesson));
        error.set("");
        keeper.keep();
        keeper.with(model, this::putOnTheTable);
    }

    void solved() {
        remember(mark.withSolved(step.get(), lesson));
    }

    boolean isSolved() {
        return mark.solved().contains(step.get());
    }

    private void remember(Mark fresh) {
        if (!fresh.equals(mark)) {
            mark = fresh;
            marked.accept(fresh);
        }
    }

    /** Stops what is computed and gives the workbench back. */
    void leave() {
        pause();
        keeper.restore(model);
    }

    /** Stops what is computed; what lies on the workbench stays there. */
    void pause() {
        ready.set(false);
        runs.values().forEach(AnalysisRun::cancel);
        runs.values().removeIf(one -> one.resultProperty().get() == null);
    }

    private void putOnTheTable() {
        OpenModel open = Objects.requireNonNull(bench.modelProperty().get());
        LessonLab before = lab;
        LessonLab now = before != null && before.model() == open
                ? before
                : new LessonLab(open, bench.services().analyses(), Progress.none());
        if (now != before) {
            runs.clear();
            lab = now;
        }
        try {
            put(step(), now);
        } catch (HeadscopeException e) {
            error.set(FailureText.of(e).message());
        }
        ready.set(true);
    }

    private void put(Step shown, LessonLab on) {
        String prompt = shown.prompt();
        if (prompt != null) {
            bench.promptProperty().set(prompt);
        }
        bench.maskProperty().set(on.mask(shown.mask()));
        String head = shown.head();
        if (head != null) {
            bench.headProperty()
                    .set(HeadList.parse("head", List.of(head), on.model().maskShape())
                            .get(0));
        }
        Computation computation = shown.computation();
        run.set(computation == null ? null : started(on, on.call(computation)));
    }

    private AnalysisRun started(LessonLab on, AnalysisCall call) {
        AnalysisRun known = runs.get(call);
        if (known != null
                && (known.runningProperty().get() || known.resultProperty().get() != null)) {
            return known;
        }
        AnalysisRun fresh = new AnalysisRun(quiet);
        fresh.resultProperty().subscribe(result -> {
            if (result != null) {
                on.keep(call, result);
            }
        });
        runs.put(call, fresh);
        fresh.start(call);
        return fresh;
    }
}
